using Atoll.Console;

namespace Atoll.Coordinator;

/// <summary>What the coordinator says of an instance.</summary>
public static class InstanceReport
{
    /// <summary>The instance has died, of many that were to.</summary>
    /// <param name="core">Its core.</param>
    /// <param name="life">Which life of the core it was, from 1.</param>
    /// <param name="wasStopped">Whether it was stopped from outside rather than by itself.</param>
    public static void Death(uint core, ulong life, bool wasStopped)
    {
        SerialRecord.Begin("death"u8);
        SerialRecord.Number("core"u8, core);
        SerialRecord.Number("life"u8, life);
        SerialRecord.Number("stopped"u8, wasStopped ? 1UL : 0);
        SerialRecord.End();
    }

    /// <summary>A core has another instance.</summary>
    /// <param name="core">The core.</param>
    /// <param name="life">Which of the core's it is.</param>
    public static void Started(uint core, ulong life)
    {
        SerialRecord.Begin("restarted"u8);
        SerialRecord.Number("core"u8, core);
        SerialRecord.Number("life"u8, life);
        SerialRecord.End();
    }

    /// <summary>The instance is silent, was rung, and is silent still: it is fenced.</summary>
    /// <param name="core">Its core.</param>
    /// <param name="life">Which life of the core it is, from 1.</param>
    /// <param name="heartbeat">Turns it had taken.</param>
    public static void Hang(uint core, ulong life, ulong heartbeat)
    {
        SerialRecord.Begin("hang"u8);
        SerialRecord.Number("core"u8, core);
        SerialRecord.Number("life"u8, life);
        SerialRecord.Number("heartbeat"u8, heartbeat);
        SerialRecord.End();
    }

    /// <summary>The instance took an interrupt that nobody asked for.</summary>
    public static void Stray(uint core, ulong vector, ulong count)
    {
        SerialRecord.Begin("stray"u8);
        SerialRecord.Number("core"u8, core);
        SerialRecord.Number("vector"u8, vector);
        SerialRecord.Number("count"u8, count);
        SerialRecord.End();
    }
}
