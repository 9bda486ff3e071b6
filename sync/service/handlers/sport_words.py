"""What the runner says of a word for a sport: it holds for every activity of that word, now and later."""

from __future__ import annotations

from sync.runs import activity_clusters, sport_rules
from sync.service.handlers.context import CommandContext, CommandRejected, Message
from sync.storage import labels, recordings


def answer_word(context: CommandContext, word: str, *, yes: bool) -> Message:
    """The answer itself was stored as the card's; here the activities of the word become what it says."""
    names = sport_rules.activities_of(context.store, context.athlete.id, word)
    if not names:
        raise CommandRejected("no_sport_word", word=sport_rules.readable(word))
    activity_clusters.recluster(context.store, context.athlete, names)
    starts = [row.start_utc for row in recordings.identities(context.store, context.athlete.id, names)]
    labels.mark_dirty(context.store, context.athlete.id, from_utc=min(starts))
    return Message("sport_word_runs" if yes else "sport_word_other", {"word": sport_rules.readable(word)})
