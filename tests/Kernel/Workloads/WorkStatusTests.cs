using System.Reflection;
using System.Runtime.InteropServices;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Ipc;
using Atoll.Links;
using Atoll.Trials;
using Atoll.Workloads;

namespace Atoll.Kernel.Tests.Workloads;

/// <summary>The words that a workload adds to its instance's status page.</summary>
public sealed unsafe class WorkStatusTests : IDisposable
{
    private readonly SimulatedInstance _instance = new();

    public void Dispose() => _instance.Dispose();

    [Fact]
    public void Words_LieBehindTheInstancesOwn_OnTheSamePage()
    {
        ulong passes = (ulong)Marshal.OffsetOf<InstanceStatus>(nameof(InstanceStatus.Passes));
        ulong own = Offsets<InstanceStatus>().Where(offset => offset < passes).Max() + sizeof(ulong);
        ulong pairs = (ulong)Marshal.OffsetOf<WorkStatus>(nameof(WorkStatus.Pairs));

        // What is given on lies behind the five words, and before the pairs.
        Assert.True(Offsets<WorkStatus>().Min() >= own, $"an instance's own words end at {own}");
        Assert.All(Offsets<WorkStatus>(), offset => Assert.True(offset + sizeof(ulong) <= passes || offset >= passes + (ulong)sizeof(InstanceStatus.PassTable)));
        Assert.Equal(5, Offsets<WorkStatus>().Count(offset => offset < pairs));
        Assert.Equal((4096, 12, 255 * 12), (sizeof(WorkStatus), sizeof(PairTraffic), sizeof(WorkStatus.PairTable)));
        Assert.True(pairs + (255 * 12) <= 4096);
    }

    /// <summary>Numbers begin anew with each link, and what passed on one that is gone is told no more.</summary>
    [Fact]
    public void WhatPassed_BeginsAndEndsWithTheLink()
    {
        Begin();
        RawPeer peer = _instance.Connect(1, peer: 5);
        Receive(peer, number: 0);
        Receive(peer, number: 1);
        Assert.Equal((2u, 0u), (Pair.Received, Pair.Errors));

        *(ulong*)_instance.Page(1, LinkPage.Status) = 0x104;
        Turn();
        Assert.Equal((0u, 0u, 0u), (Pair.Sent, Pair.Received, Pair.Errors));

        Pair.Received = 7;
        peer = _instance.Connect(1, peer: 5, epoch: 2);
        Receive(peer, number: 0, epoch: 2);
        Assert.Equal((1u, 0u), (Pair.Received, Pair.Errors));
        Receive(peer, number: 5, epoch: 2);
        Assert.Equal((2u, 1u), (Pair.Received, Pair.Errors));
    }

    // A matrix of cores 1, 5 and 6, of which 1 is the instance: it is linked with 5 only.
    private void Begin()
    {
        _instance.Connect(0, peer: 0);
        WorkloadOrder order = new() { Kind = WorkloadKind.Matrix, Limit = 100 };
        order.Cores.SetWord(0, 0b110_0010);
        _instance.RunOnCore(() => Workload.BeginOn(ref _instance.State, in order));
    }

    private ref PairTraffic Pair => ref WorkStatus.Of(ref _instance.Status).Pairs[5];

    private void Receive(RawPeer peer, ulong number, ulong epoch = 1)
    {
        TrafficMessage.Make(TrialMessage.Traffic, number, sender: 5, out LinkMessage message);
        peer.Send(message with { Epoch = epoch });
        Turn();
    }

    private void Turn() => _instance.RunOnCore(() => EventLoop.Turn<TrialProfile>(ref _instance.State));

    private static IEnumerable<ulong> Offsets<T>() =>
        typeof(T).GetFields(BindingFlags.Instance | BindingFlags.Public).Select(field => (ulong)Marshal.OffsetOf<T>(field.Name));
}
