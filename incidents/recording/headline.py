"""What an incident is called in lists and headings: by which means, where, and which years; never a name."""

from collections.abc import Iterable

from incidents.recording.words import Method

# A heading takes a platform's name only from this list: what somebody typed could hold a person's name.
PLATFORMS: tuple[str, ...] = (
    "BeReal", "Discord", "Facebook", "Fortnite", "Google Classroom", "Instagram", "Messenger", "Microsoft Teams",
    "Minecraft", "Reddit", "Roblox", "Signal", "Snapchat", "Telegram", "TikTok", "Twitch", "WhatsApp", "X", "YouTube",
)  # fmt: skip

HEADS: dict[Method, str] = {
    Method.TEXT_MESSAGE: "Text messages",
    Method.EMAIL: "Emails",
    Method.PHONE_CALL: "Phone calls",
    Method.INSTANT_MESSENGER: "Messages",
    Method.PHOTOS_OR_VIDEO: "Photos or video passed around",
    Method.WEBSITE_COMMENT: "Comments or a post online",
    Method.GROUP_CHAT: "Group chat",
    Method.DIRECT_MESSAGE: "Direct messages",
    Method.GAMING_CHAT: "Chat in a game",
    Method.LIVESTREAM: "Livestream",
    Method.FAKE_ACCOUNT: "Fake account",
    Method.AI_IMAGE: "Picture made with AI",
    Method.POLL: "Poll or “ship” page",
    Method.SCHOOL_ACCOUNT_COMMENT: "Comment on a school account",
    Method.OTHER: "Something online",
}


def headline(method: Method, platform: str = "", year_groups: Iterable[str] = ()) -> str:
    """For example “Group chat on WhatsApp, Year 6”."""
    words = HEADS[method]
    if platform in PLATFORMS:
        words += f" on {platform}" if method not in (Method.GAMING_CHAT,) else f", {platform}"
    years = sorted({year for year in year_groups if year}, key=lambda year: (len(year), year))
    if not years:
        return words
    return f"{words}, {years[0] if len(years) == 1 else ', '.join(years[:-1]) + ' and ' + years[-1]}"
