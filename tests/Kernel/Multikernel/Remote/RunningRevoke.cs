using Thread = Atoll.Cap.Thread;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>A revoke that has begun, and the thread that waits for it.</summary>
internal sealed unsafe class RunningRevoke(uint root, Thread* thread)
{
    /// <summary>Which capability.</summary>
    public uint Root => root;

    /// <summary>Who asked.</summary>
    public Thread* Thread => thread;
}
