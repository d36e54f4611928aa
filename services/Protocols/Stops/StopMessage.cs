using Atoll.Abi;

namespace Atoll.Services.Protocols;

/// <summary>What Init of a core says of a program that stopped: one message, of which the other end owes nothing back. Protocol <c>stops</c>, version 1.</summary>
/// <remarks>Positions of programs mean the same on every core, so no name crosses. The core is not said: it is that of the channel's end.</remarks>
public static class StopMessage
{
    /// <summary>The meta word.</summary>
    public const uint Stopped = 1;

    private const ulong FaultMask = 0xFF;
    private const int FaultShift = 32;
    private const int OutcomeShift = 40;

    /// <summary>Makes a message.</summary>
    /// <param name="happened">Word 0: program; from bit 32 on its fault, from bit 40 on what became of it. Word 1: where. Word 2: the address. Word 3: when.</param>
    public static RingMessage Of(in WatchEvent happened)
    {
        RingMessage message = default;
        message.Meta = Stopped;
        message.Payload.Word0 = happened.Program | ((ulong)happened.Fault << FaultShift) | ((ulong)happened.Outcome << OutcomeShift);
        message.Payload.Word1 = happened.Rip;
        message.Payload.Word2 = happened.Address;
        message.Payload.Word3 = happened.At;
        return message;
    }

    /// <summary>Reads a message.</summary>
    /// <param name="message">Untrusted.</param>
    /// <param name="happened">What it says. The address and the place are only ever shown.</param>
    /// <returns>False: it is none, or names a program, a fault or an outcome that cannot be.</returns>
    public static bool TryRead(ref readonly RingMessage message, out WatchEvent happened)
    {
        ulong fault = (message.Payload.Word0 >> FaultShift) & FaultMask;
        ulong outcome = message.Payload.Word0 >> OutcomeShift;
        happened = default;
        happened.Program = (uint)message.Payload.Word0;
        if (message.Meta != Stopped || happened.Program >= SystemHeader.ProgramsMax || fault > (ulong)FaultKind.Hang || outcome > (ulong)WatchOutcome.Failed)
        {
            return false;
        }

        happened.Fault = (FaultKind)fault;
        happened.Outcome = (WatchOutcome)outcome;
        happened.Rip = message.Payload.Word1;
        happened.Address = message.Payload.Word2;
        happened.At = message.Payload.Word3;
        return true;
    }
}
