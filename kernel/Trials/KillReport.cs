using Atoll.Abi;
using Atoll.Console;
using Atoll.Coordinator;

namespace Atoll.Trials;

/// <summary>What deaths on purpose cost, and what they leave behind.</summary>
public static class KillReport
{
    /// <summary>Nobody maps anything of a dead member any more: every peer has learnt of its death, and its memory can be used again.</summary>
    /// <param name="core">Its core.</param>
    /// <param name="kills">How it died.</param>
    /// <param name="words">What was heard of the message that it died in.</param>
    /// <param name="ticks">TSC ticks since it was told to, or stopped.</param>
    public static void Reclaimed(uint core, ref readonly KillOrder kills, ref readonly LastWords words, ulong ticks)
    {
        FaultKind kind = kills.LastKind;
        SerialRecord.Begin("reclaimed"u8);
        SerialRecord.Number("core"u8, core);
        SerialRecord.Word("kind"u8, kind == FaultKind.None ? "stop"u8 : FaultKinds.Name(kind));
        SerialRecord.Number("ticks"u8, ticks);
        if (kind is FaultKind.PublishPanic or FaultKind.PublishHang)
        {
            SerialRecord.Word("step"u8, PublishSteps.Name(kills.LastStep));
            SerialRecord.Number("to"u8, kills.LastPeer);
            SerialRecord.Number("heard"u8, words.Heard);
            SerialRecord.Number("torn"u8, words.Torn);
        }

        SerialRecord.End();
    }

    /// <summary>What is left in the coordinator's pool, and what is out of it for links between members.</summary>
    public static void Pool(ref readonly CoordinatorState coordinator)
    {
        SerialRecord.Begin("pool"u8);
        SerialRecord.Number("free"u8, coordinator.Pool.FreeFrames * ImageLayout.PageSizeBytes);
        SerialRecord.Number("links"u8, coordinator.Links.Count());
        SerialRecord.End();
    }
}
