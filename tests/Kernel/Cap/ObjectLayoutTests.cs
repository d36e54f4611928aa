using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Cap;
using Thread = Atoll.Cap.Thread;

namespace Atoll.Kernel.Tests.Cap;

/// <summary>Sizes that programs rely on when they reckon what fits into untyped memory (docs/capabilities.md,
/// "Objects").</summary>
public sealed class ObjectLayoutTests
{
    [Fact]
    public void Objects_HaveTheirSizes()
    {
        Assert.Equal(64, Unsafe.SizeOf<CapabilitySlot>());
        Assert.Equal(64, Unsafe.SizeOf<Endpoint>());
        Assert.Equal(64, Unsafe.SizeOf<Notification>());
        Assert.Equal(64, Unsafe.SizeOf<Reply>());
        Assert.Equal(128, Unsafe.SizeOf<SchedulingContext>());
        Assert.Equal(2048, Unsafe.SizeOf<Thread>());
        Assert.Equal(4096, Unsafe.SizeOf<PageTable>());
        Assert.Equal(704, Unsafe.SizeOf<ThreadContext>());
    }

    /// <summary>A slot is one cache line, and so is each slot in a thread.</summary>
    [Fact]
    public void SlotsOfAThread_AreCacheLines()
    {
        string[] slots = [nameof(Thread.CSpace), nameof(Thread.VSpace), nameof(Thread.FaultEndpoint), nameof(Thread.BufferFrame)];
        Assert.Equal([1024, 1088, 1152, 1216], slots.Select(name => (int)Marshal.OffsetOf<Thread>(name)));
        Assert.Equal(0, (int)Marshal.OffsetOf<Thread>(nameof(Thread.Context)));
    }
}
