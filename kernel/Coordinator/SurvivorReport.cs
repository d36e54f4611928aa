using System.Threading;
using Atoll.Console;
using Atoll.Instance;

namespace Atoll.Coordinator;

/// <summary>Says that an instance goes on after another's death.</summary>
public static class SurvivorReport
{
    /// <summary>Writes <c>@survivor</c>.</summary>
    public static void Write(uint core, in InstanceStatus status)
    {
        SerialRecord.Begin("survivor"u8);
        SerialRecord.Number("core"u8, core);
        SerialRecord.Number("heartbeat"u8, Volatile.Read(in status.Heartbeat));
        SerialRecord.End();
    }
}
