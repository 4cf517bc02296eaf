# syntax=docker/dockerfile:1
# One image for every process; the command says which (docker-compose.yml).
FROM python:3.12-slim AS packages
COPY requirements.lock /tmp/
RUN python -m venv /opt/kanal \
    && /opt/kanal/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps \
        --require-hashes --only-binary :all: -r /tmp/requirements.lock \
    && /opt/kanal/bin/pip uninstall --yes pip

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /srv/kanal kanal \
    && install --directory --owner kanal /srv/kanal/var/media /srv/kanal/var/models
COPY --from=packages /opt/kanal /opt/kanal
COPY . /srv/kanal
WORKDIR /srv/kanal
ENV PATH=/opt/kanal/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 KANAL_HOST=0.0.0.0
USER kanal
EXPOSE 8080
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve", "web"]
