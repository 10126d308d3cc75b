"""Form of API tokens, and which scope each operation needs."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydocker_api.auth.api_tokens import RECHECK, REQUIRED_SCOPE
from mydocker_api.domain.tokens.form import PREFIX, digest, is_well_formed, new_token
from mydocker_api.domain.tokens.scopes import ANY, Scope, allows, required_scope
from mydocker_api.openapi import openapi_json

pytestmark = pytest.mark.unit

WITHOUT_TOKEN = {
    # the account itself and the ways into it
    "get_account",
    "unlink_identity",
    "get_link_request",
    "accept_link_request",
    "decline_link_request",
    "list_ssh_keys",
    "add_ssh_key",
    "remove_ssh_key",
    "list_my_api_tokens",
    "create_api_token",
    "revoke_api_token",
    "list_api_tokens",
    # service accounts and their tokens
    "list_service_accounts",
    "create_service_account",
    "get_service_account",
    "update_service_account",
    "enable_service_account",
    "disable_service_account",
    "take_over_service_account",
    "list_tokens_of_service_account",
    "create_token_of_service_account",
    # what is stored about a person is for that person, and an erasure for a person to decide
    "get_my_data",
    "list_my_folders",
    "download_my_folder",
    "export_my_data",
    "ask_for_erasure",
    "withdraw_erasure_request",
    "carry_out_erasure",
    # a new machine has a token of its own
    "join_machine",
    # the address of a download is its key
    "download",
    # rights of operators are given by people
    "make_operator",
    "unmake_operator",
    "ask_to_build",
    # bound to a browser's web session
    "open_port",
    "open_port_of_person",
    "stream_build_log",
    "stream_events",
}


def test_every_operation_names_its_scope_or_refuses_tokens() -> None:
    described = json.loads(openapi_json())["paths"].values()
    operations = [operation for item in described for operation in item.values()]
    refused = {
        operation["operationId"] for operation in operations if REQUIRED_SCOPE not in operation
    }
    assert refused == WITHOUT_TOKEN
    needed = {operation[REQUIRED_SCOPE] for operation in operations if REQUIRED_SCOPE in operation}
    assert needed == {ANY, *Scope}


@pytest.mark.parametrize("scope", Scope)
def test_write_includes_read_of_the_same_resource_and_nothing_else(scope: Scope) -> None:
    allowed = {other for other in Scope if allows([scope], other)}
    resource, act = scope.split(":")
    assert allowed == ({scope, Scope(f"{resource}:read")} if act == "write" else {scope})
    assert allows([scope], ANY)


def test_passwords_and_names_need_more_than_reading_a_course() -> None:
    assert required_scope("environments", "get_credentials", "GET") == Scope.ENVIRONMENTS_WRITE
    assert required_scope("courses", "list_people_of_course", "GET") == Scope.ROSTERS_READ
    assert required_scope("of-tomorrow", "anything", "GET") is None


def test_a_token_is_recognised_by_its_form() -> None:
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    for token in tokens:
        assert re.fullmatch(r"mydocker_pat_[0-9A-Za-z]{36}", token)
        assert is_well_formed(token)
        assert len(digest(token)) == 32


@given(st.integers(0, 48), st.characters(codec="utf-8"))
def test_one_wrong_character_is_noticed_without_a_look_up(position: int, character: str) -> None:
    token = new_token()
    wrong = token[:position] + character + token[position + 1 :]
    assert is_well_formed(wrong) == (wrong == token)


@pytest.mark.parametrize("text", ["", PREFIX, PREFIX + "a" * 36, "Bearer", PREFIX + "é" * 36])
def test_other_text_is_no_token(text: str) -> None:
    assert not is_well_formed(text)


def test_a_row_is_believed_for_at_most_the_second_that_the_documents_promise() -> None:
    assert RECHECK <= 1.0
