"""What every value has that crosses a border."""

import pytest
from pydantic import ValidationError

from mydocker_kit.contracts.bastion.ssh import SshPassword


@pytest.mark.parametrize(
    "said",
    [{"passwort": "s3cret"}, {"password": "s3cret", "more": "s3cret"}, {"password": ["s3cret"]}],
)
def test_an_error_about_a_value_does_not_tell_the_value(said: dict[str, object]) -> None:
    """Errors are logged as they come."""
    with pytest.raises(ValidationError) as wrong:
        SshPassword.model_validate(said)
    assert "s3cret" not in str(wrong.value)
