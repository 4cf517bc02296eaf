"""The Celery application of the workers and of beat: `celery -A app.worker:celery_app`."""

from app.settings import AppSettings
from app.wake import SWEEP, create_celery

settings = AppSettings()
celery_app = create_celery(settings)
celery_app.conf.update(
    imports=("app.tasks",),
    beat_schedule={
        "sweep": {
            "task": SWEEP,
            "schedule": settings.sweep_seconds,
            "options": {"expires": settings.sweep_seconds},
        }
    },
    # The schedule is one line and needs no memory of its last run.
    beat_scheduler="celery.beat:Scheduler",
)
