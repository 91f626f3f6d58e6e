"""How requests are generated out of an OpenAPI document."""

from hypothesis import HealthCheck, Phase, settings


def generated(examples: int) -> settings:
    """Return settings for so many requests. None is kept, and none is made smaller, which takes long."""
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],
    )
