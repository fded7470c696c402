# The worker, and the commands of operators: docs/containers.md says how to run it.
# The Python that the tests have run with is 3.11; any from there on will do.
ARG PYTHON=3.13.16-slim-trixie

FROM python:${PYTHON} AS build
WORKDIR /app
COPY requirements-worker.lock ./
# dkimpy alone comes as source. pip stays outside: what runs needs none.
RUN python -m venv --without-pip /venv
RUN python -m pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check \
    --root-user-action=ignore --require-hashes --only-binary :all: --no-binary dkimpy \
    -r requirements-worker.lock
COPY worker.py start_workflow.py LICENSE ./
COPY agent agent
COPY mail mail
# The file system is read-only where it runs: nothing could be compiled there.
RUN python -m compileall -q --invalidation-mode unchecked-hash agent mail

FROM python:${PYTHON} AS base
# Certificates of the system are the ones that the model's client believes.
RUN test -s /etc/ssl/certs/ca-certificates.crt
RUN groupadd --gid 10001 agent \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent \
    --shell /usr/sbin/nologin agent \
    && install -d -o 10001 -g 10001 /data
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
USER 10001:10001
LABEL org.opencontainers.image.title="mail-approval-agent" \
    org.opencontainers.image.description="An LLM agent whose risky tool calls wait until people have approved them by e-mail" \
    org.opencontainers.image.licenses="Apache-2.0 AND GPL-3.0-only"

# The scripted model of docker-compose.yml, and `python -m demo reply`. Not for production.
FROM base AS demo
COPY demo demo
CMD ["python", "-m", "demo", "model", "--host", "0.0.0.0", "--port", "8080"]

FROM base AS worker
ENV HEALTH_FILE=/tmp/worker-alive SHOP_DATABASE=/data/shop.sqlite3
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s --retries=2 \
    CMD python -m agent.health "$HEALTH_FILE"
CMD ["python", "worker.py"]
