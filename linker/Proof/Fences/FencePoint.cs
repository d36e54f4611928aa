namespace Atoll.Linker.Proof.Fences;

/// <summary>A place of the protocol between cores at which what was stored must be visible before something is looked at, or
/// somebody is rung.</summary>
/// <remarks>
/// Names are ILC's: type and method, in whatever room and however instantiated. Where code is inlined elsewhere and a name is gone, the proof says so, and this list is what changes.
/// Why each fence is there: docs/explorer.md, and kernel/Ipc beside the code.
/// </remarks>
/// <param name="Step">The step, for findings.</param>
/// <param name="Caller">Type and method; empty: any function.</param>
/// <param name="Callee">Type and method that is called; empty: the look at a word's lowest bit (odd: asleep).</param>
/// <param name="CallerHasStored">Whether what must be visible was stored before the function was called.</param>
/// <param name="MayStoreBetween">Whether the function stores what nobody else reads between fence and look.</param>
/// <param name="IsOfPrograms">Whether programs have it, those with channels: no image must.</param>
internal sealed record FencePoint(string Step, string Caller, string Callee, bool CallerHasStored = false, bool MayStoreBetween = false, bool IsOfPrograms = false)
{
    /// <summary>Begins every name of the room that has the protocol: an image with such code must have every point.</summary>
    public const string Room = "Atoll_Ipc_";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FencePoint> All { get; } =
    [
        new("sleep: wake word, fence, second look", "", "SleepProtocol__HasNews"),
        new(
            "end of a turn: messages, one fence, wake words",
            "TurnEnd__RingSleepers",
            "",
            CallerHasStored: true,
            MayStoreBetween: true),
        new(
            "ring of a channel: message, fence, wake word",
            "ChannelTurn__TryRingNow",
            "",
            CallerHasStored: true,
            MayStoreBetween: true),
        new(
            "end of a program's turn: messages, fence, wake word",
            "RingChannel__EndTurn",
            "",
            CallerHasStored: true,
            MayStoreBetween: true,
            IsOfPrograms: true),
        new("own death: life word, fence, doorbells", "", "DeathNotice__RingPeers"),
        new("death of another: life word, fence, doorbells", "", "LinkRegistry__RingPeers"),
        new(
            "goodbye: last word, fence, doorbell",
            "LinkTable__Release",
            "LocalApic__AwaitDelivery",
            CallerHasStored: true),
    ];

    /// <summary>Whether a symbol is a method, whatever its room and type arguments.</summary>
    public static bool Is(string symbol, string method)
    {
        int arguments = symbol.IndexOf('<', StringComparison.Ordinal);
        ReadOnlySpan<char> name = arguments < 0 ? symbol : symbol.AsSpan(0, arguments);
        return name.EndsWith(method, StringComparison.Ordinal)
            && (name.Length == method.Length || name[name.Length - method.Length - 1] == '_');
    }
}
