namespace Atoll.Services.Tests.Defects;

/// <summary>A mistake in a service.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="File">Source file: folder of services/ and name without <c>.cs</c>.</param>
/// <param name="Find">Text to replace, wherever it occurs.</param>
/// <param name="Replace">What it becomes.</param>
public sealed record ServiceDefect(string Name, string File, string Find, string Replace)
{
    public static IReadOnlyList<ServiceDefect> All { get; } =
    [
        new("a client gets memory of another's quota", "Memory/PieceTable", "&& piece.Client == client && piece.Bits >= bits", "&& piece.Bits >= bits"),
        new("a client returns a piece of another", "Memory/PieceTable", " && _pieces[(int)piece].Client == client;", ";"),
        new("a piece that is in use counts as free", "Memory/PieceTable", "IsGiven(client, index) && Memory(index).Reset() == SystemResult.Ok", "IsGiven(client, index)"),
        new("what was made of a piece outlives its return", "Memory/PieceTable", "_node.Revoke(Slot(piece)) == SystemResult.Ok && ", ""),
        new("halves do not become one again", "Memory/PieceTable", "while (whole != piece)", "while (whole == Nothing)"),
        new("one client takes the slots of all", "Memory/PieceTable", "used + 2 <= _share ? found", "used <= Most ? found"),
        new("the next life keeps what the earlier gave away", "Memory/MemoryServer", "_pieces.TakeAll(client);", ""),
        new("less than a page is given", "Memory/MemoryServer", "sizeBits < ObjectSize.FrameBits", "sizeBits == 0"),
        new("a client has two quotas", "Memory/QuotaTable", " || Find(badge) != Count", ""),
        new("anybody takes any name", "Names/NamesServer", " || _names[index].Owner != caller.Badge", ""),
        new("a second server takes the name of one that lives", "Names/NamesServer", "if (IsAlive(index))", "if (index == uint.MaxValue)"),
        new("all callers have one badge", "Names/NamesServer", ", CallRights, caller.Badge)", ", CallRights, 1)"),
        new("who finds a server may receive its messages", "Names/NamesServer", ", CallRights, caller.Badge)", ", CapabilityRights.All, caller.Badge)"),
        new("a dead server is registered", "Names/NamesServer", ": IsAlive(index) ? NamesAnswer.Done", ": index < 99 ? NamesAnswer.Done"),
        new("an endpoint with a badge is taken", "Names/NamesServer", " && badge == 0", ""),
        new("an endpoint that cannot be called is taken", "Names/NamesServer", " && ((CapabilityRights)rights & CallRights) == CallRights", ""),
        new("only the first who asks is answered", "Names/NamesServer", "_node.Delete(_outSlot) != SystemResult.Ok\n            || ", ""),
        new("a sleeper wakes too early", "Clock/Alarms", "_times[(int)index] <= now", "_times[(int)index] <= now + 1"),
        new("a sleeper is forgotten when another wakes", "Clock/Alarms", "_waiters[(int)index] = _waiters[(int)Count];", ""),
        new("a time that never comes has passed", "Clock/ClockServer", "ticks == 0 || microseconds > (Deadline.Never - 1 - from) / ticks ?", "ticks == 0 ?"),
        new("ticks wander when one is late", "Clock/Tickers", "ticker.Next += ((now - ticker.Next) / period * period) + period;", "ticker.Next = now + period;"),
        new("a dead client keeps its ticks", "Clock/Tickers", "                End(index);\n                continue;", "                continue;"),
        new("a second tick keeps the first", "Clock/Tickers", "_ = TryStop(client);", ""),
        new("a notification that cannot be signalled is taken", "Clock/Tickers", "((CapabilityRights)rights & CapabilityRights.Write) == 0", "rights == 0"),
        new("the date is read while it changes", "Clock/RealTimeClock", "(Register(RegisterA) & UpdateInProgress) == 0", "attempt >= 0"),
        new("noon is midnight", "Clock/RealTimeClock", "(hour % 12) + ((hours & Afternoon) != 0 ? 12u : 0)", "hour % 12"),
        new("the leap day is lost", "Clock/RealTimeClock", "month > 2 ? year : year - 1", "month > 1 ? year : year - 1"),
    ];
}
