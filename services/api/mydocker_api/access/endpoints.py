"""Being written."""

from fastapi import APIRouter

router = APIRouter(prefix="/access", include_in_schema=False)
