"""Jobs whose worker died go back to the queue; each job guards itself against running twice."""

import datetime as dt

from procrastinate import JobContext
from procrastinate.contrib.django import app

# A worker that has not been heard of for this long is dead (workers report every 10 seconds).
SILENT_SECONDS = 60


@app.periodic(cron="* * * * *")
@app.task(name="jobs.recover", queue="system", queueing_lock="jobs.recover", pass_context=True)
async def recover(context: JobContext, timestamp: int) -> None:
    """Retries the jobs of dead workers."""
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        await context.app.job_manager.retry_job(job, retry_at=dt.datetime.now(tz=dt.UTC))


@app.periodic(cron="17 3 * * *")
@app.task(name="jobs.forget_old", queue="system", queueing_lock="jobs.forget_old", pass_context=True)
async def forget_old(context: JobContext, timestamp: int) -> None:
    """Once a night: finished jobs older than a month."""
    await context.app.job_manager.delete_old_jobs(nb_hours=24 * 30, include_failed=False)
