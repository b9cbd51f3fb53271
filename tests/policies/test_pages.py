"""The pages of policies, walked by those who write, approve and read them."""

from tests.cast import Cast

TRIMLEY, NEWTON = "trimley_st_martin", "newton_westpark"


def post(client, path: str, **data):
    return client.post(path, data=data)


def draft_of(cast: Cast, name: str = NEWTON) -> str:
    """The draft of a pack, loaded by the button; the address of its policy."""
    answer = post(cast.client("administrator"), f"/policies/packs/{name}")
    return answer.headers["Location"].removesuffix("/draft")


def approve(cast: Cast, who: str, policy: str):
    client = cast.client(who)
    page = client.get(f"{policy}/draft").text
    seen = page.split('name="seen"')[-1].split('value="')[1].split('"')[0]
    return post(client, f"{policy}/draft/approve", seen=seen, read="y")


def adopted(cast: Cast, name: str = NEWTON) -> str:
    policy = draft_of(cast, name)
    approve(cast, "head", policy)
    approve(cast, "case_manager", policy)
    return policy


def test_a_pack_is_looked_at_loaded_approved_by_two_and_read_by_everybody(cast):
    office = cast.client("administrator")
    assert "pupils only" in office.get("/policies/packs").text
    policy = draft_of(cast)
    assert cast.client("teacher").get(policy).status_code == 404
    assert approve(cast, "head", policy).headers["Location"].endswith("/draft")
    assert "Joanna Pettifer" in cast.client("case_manager").get(f"{policy}/draft").text
    assert approve(cast, "case_manager", policy).headers["Location"].endswith("/versions/1")
    page = cast.client("teacher").get(policy).text
    assert "Until a new version is adopted it stays in force" in page
    assert "Approved here by Joanna Pettifer and Leonard Abara" in page
    assert "Review overdue" in cast.client("governor").get("/policies").text
