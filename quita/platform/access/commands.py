"""What can be done to users: made, edited, deactivated, given a password; and the lock-out of the sign-in."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import password_validation
from django.core import exceptions
from django.db import transaction
from django.utils.crypto import salted_hmac

from quita.domain.refusals import Finding, Refusal, Refusals
from quita.platform.access import directory, roles, throttle
from quita.platform.access.models import SignInAttempts, User
from quita.platform.actors import Actor, When
from quita.platform.audit import commands as audit

# Without 0/O, 1/l/I: a temporary password is read out over the telephone.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
PREFERENCES = frozenset({"language", "theme", "single_key_shortcuts", "first_name", "last_name", "email"})


@transaction.atomic
def create_user(
    *,
    username: str,
    role: str,
    by: Actor,
    when: When,
    first_name: str = "",
    last_name: str = "",
    email: str = "",
    language: str = "pt-br",
    company_ids: Iterable[int] | None = (),
    password: str | None = None,
) -> tuple[User, str]:
    """Makes a user and returns it with its password, a random one when none is given: shown once and kept nowhere.

    `company_ids` None means every company. Refusals: username_taken, username_empty, password_*, company_unknown.
    """
    username = username.strip()
    problems = Refusals()
    if not username:
        problems.add("username_empty", "A user needs a name to sign in with. Write one.", field="username")
    elif User.objects.filter(username__iexact=username).exists():
        _add_taken(problems, username)
    problems.raise_if_any()
    chosen = password or new_password()
    user = User(
        username=username,
        role=roles.Role(role),
        first_name=first_name,
        last_name=last_name,
        email=email,
        language=language,
        sees_all_companies=company_ids is None,
    )
    if password is not None:
        _check_password(password, user)
    user.set_password(chosen)
    user.save()
    if company_ids is None or list(company_ids):
        directory.companies().grant(user_id=user.pk, company_ids=company_ids, by=by, when=when)
    _note(by, when, "created", user, role=user.role)
    return user, chosen


@transaction.atomic
def edit_user(
    *,
    user_id: int,
    username: str,
    role: str,
    by: Actor,
    when: When,
    first_name: str = "",
    last_name: str = "",
    email: str = "",
    company_ids: Iterable[int] | None = (),
) -> User:
    """Changes who a user is and what they may do. Refusals: username_taken, last_administrator, company_unknown."""
    user = User.objects.select_for_update().get(pk=user_id)
    username = username.strip()
    problems = Refusals()
    if User.objects.filter(username__iexact=username).exclude(pk=user_id).exists():
        _add_taken(problems, username)
    if role != roles.Role.ADMINISTRATOR and _is_last_administrator(user):
        problems.findings.append(Finding(_last_administrator(user), field="role"))
    problems.raise_if_any()
    before = user.role
    user.username, user.role = username, roles.Role(role)
    user.first_name, user.last_name, user.email = first_name, last_name, email
    user.save(update_fields=["username", "role", "first_name", "last_name", "email"])
    directory.companies().grant(user_id=user_id, company_ids=company_ids, by=by, when=when)
    _note(by, when, "edited", user, role=user.role, role_before=before)
    return user


@transaction.atomic
def deactivate_user(*, user_id: int, by: Actor, when: When) -> User:
    """Ends a person's access at once; what they did stays. Refusals: own_account, last_administrator."""
    user = User.objects.select_for_update().get(pk=user_id)
    if by.user_id == user_id:
        raise Refusal("own_account", "You cannot deactivate your own account. Ask another administrator to do it.")
    if _is_last_administrator(user):
        raise _last_administrator(user)
    return _set_active(user, False, by, when)


@transaction.atomic
def reactivate_user(*, user_id: int, by: Actor, when: When) -> User:
    """Gives a deactivated person access again, with the password and role they had."""
    return _set_active(User.objects.select_for_update().get(pk=user_id), True, by, when)


def _set_active(user: User, active: bool, by: Actor, when: When) -> User:
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        _note(by, when, "reactivated" if active else "deactivated", user)
    return user


@transaction.atomic
def reset_password(*, user_id: int, by: Actor, when: When) -> tuple[User, str]:
    """Gives a user a new random password and ends their sessions. The password is returned once and kept nowhere."""
    user = User.objects.select_for_update().get(pk=user_id)
    chosen = new_password()
    user.set_password(chosen)
    user.save(update_fields=["password"])
    _note(by, when, "password_reset", user)
    return user, chosen


@transaction.atomic
def change_own_password(*, user_id: int, current: str, new: str, by: Actor, when: When) -> User:
    """Refusals: password_wrong (beside `current`), password_weak (beside `new`)."""
    user = User.objects.select_for_update().get(pk=user_id)
    problems = Refusals()
    if not user.check_password(current):
        problems.add(
            "password_wrong", "This is not your current password. Type it again, or ask an administrator to reset it.",
            field="current",
        )  # fmt: skip
    problems.raise_if_any()
    _check_password(new, user)
    user.set_password(new)
    user.save(update_fields=["password"])
    _note(by, when, "password_changed", user)
    return user


@transaction.atomic
def save_preferences(*, user_id: int, by: Actor, when: When, **preferences: Any) -> User:
    """Keeps a person's own choices (`PREFERENCES`). Not audited: nothing here changes what anybody may do."""
    unknown = preferences.keys() - PREFERENCES
    if unknown:
        raise ValueError(f"Not a preference: {', '.join(sorted(unknown))}")
    user = User.objects.select_for_update().get(pk=user_id)
    for name, value in preferences.items():
        setattr(user, name, value)
    user.save(update_fields=sorted(preferences))
    return user


def refuse_while_locked(*, username: str, address: str, when: When) -> None:
    """Refuses a sign-in while it has to wait. Refusal: sign_in_locked, with the minutes left."""
    keys = [_key(username, address), _key("", address)]
    waiting = SignInAttempts.objects.filter(key__in=keys, locked_until_at__gt=when.at)
    until = max((attempts.locked_until_at for attempts in waiting if attempts.locked_until_at), default=None)
    if until is None:
        return
    seconds = max(int((until - when.at).total_seconds()), 1)
    if seconds < 60:
        raise Refusal(
            "sign_in_locked",
            "Too many failed attempts. Wait %(seconds)s seconds and try again, or ask an administrator to reset "
            "your password.",
            {"seconds": seconds},
        )
    raise Refusal(
        "sign_in_locked",
        "Too many failed attempts. Wait %(minutes)s min and try again, or ask an administrator to reset your password.",
        {"minutes": -(-seconds // 60)},
    )


@transaction.atomic
def note_failed_sign_in(*, username: str, address: str, when: When) -> None:
    """Counts a failure for the name at this address and for the address, and locks what failed too often."""
    limits = ((username, throttle.FREE_FAILURES), ("", throttle.FREE_FAILURES_PER_ADDRESS))
    for name, free in limits:
        attempts, _made = SignInAttempts.objects.select_for_update().get_or_create(
            key=_key(name, address), defaults={"last_failed_at": when.at}
        )
        recent = when.at - attempts.last_failed_at < throttle.MEMORY
        attempts.failed_count = attempts.failed_count + 1 if recent else 1
        attempts.last_failed_at = when.at
        wait = throttle.wait_after(attempts.failed_count, free)
        attempts.locked_until_at = when.at + wait if wait else None
        attempts.save()


@transaction.atomic
def note_sign_in(*, user_id: int, username: str, address: str, by: Actor, when: When) -> None:
    """Forgets the failures of this name here, sweeps old ones, and notes the sign-in."""
    SignInAttempts.objects.filter(key=_key(username, address)).delete()
    SignInAttempts.objects.filter(last_failed_at__lt=when.at - throttle.MEMORY).delete()
    audit.record(by=by, when=when, verb="access.user.signed_in", subject="user", subject_id=user_id)


def new_password() -> str:
    """Four groups of four letters and digits: 92 bits, easy to read out."""
    return "-".join("".join(secrets.choice(PASSWORD_LETTERS) for _ in range(4)) for _ in range(4))


def _key(username: str, address: str) -> str:
    return salted_hmac("quita.sign_in", f"{username.strip().casefold()}|{address}", algorithm="sha256").hexdigest()


def _add_taken(problems: Refusals, username: str) -> None:
    problems.add(
        "username_taken",
        "There is already a user called %(username)s (capital letters do not count). Choose another name.",
        {"username": username},
        field="username",
    )


def _check_password(password: str, user: User) -> None:
    """The installation's rules for passwords, as a refusal beside the field `new`."""
    try:
        password_validation.validate_password(password, user)
    except exceptions.ValidationError as found:
        problems = Refusals()
        for sentence in found.messages:
            # Django's validators come translated; the whole sentence is the parameter of ours.
            problems.add("password_weak", "%(reason)s", {"reason": sentence}, field="new")
        problems.raise_if_any()


def _is_last_administrator(user: User) -> bool:
    """True when nobody else could administrate. Locks the administrators, so that two of them cannot leave at once."""
    if user.role != roles.Role.ADMINISTRATOR or not user.is_active:
        return False
    active = User.objects.select_for_update().filter(role=roles.Role.ADMINISTRATOR, is_active=True)
    return {administrator.pk for administrator in active.order_by("pk")} == {user.pk}


def _last_administrator(user: User) -> Refusal:
    return Refusal(
        "last_administrator",
        "%(user)s is the last active administrator, and an installation needs one. Make another person "
        "administrator first.",
        {"user": user.username},
    )


def _note(by: Actor, when: When, verb: str, user: User, **params: Any) -> None:
    audit.record(by=by, when=when, verb=f"access.user.{verb}", subject="user", subject_id=user.pk, **params)
