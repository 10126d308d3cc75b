"""Dependency of endpoints: the sign-in service."""

from typing import Annotated

from fastapi import Depends, Request

from .service import SignIns


async def _sign_ins(request: Request) -> SignIns:
    sign_ins: SignIns = request.app.state.sign_ins
    return sign_ins


SignInService = Annotated[SignIns, Depends(_sign_ins)]
