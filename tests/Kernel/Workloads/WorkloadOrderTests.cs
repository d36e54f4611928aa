using Atoll.Base;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Workloads;

namespace Atoll.Kernel.Tests.Workloads;

/// <summary>What instances are told to do, as it travels; and who passes what to whom.</summary>
public sealed class WorkloadOrderTests
{
    [Fact]
    public void Order_ComesBackAsItWasSent() => Seeds.ForEach(200, random =>
    {
        WorkloadOrder order = new()
        {
            Kind = (WorkloadKind)random.Next(5),
            IdleTurns = (byte)random.Next(256),
            Limit = (uint)random.NextInt64(uint.MaxValue + 1L),
        };
        for (int word = 0; word < CoreSet.WordCount; word++)
        {
            order.Cores.SetWord(word, (ulong)random.NextInt64(long.MinValue, long.MaxValue));
        }

        LinkMessage message = order.Encode();
        WorkloadOrder decoded = WorkloadOrder.Decode(in message);

        Assert.Equal((order.Kind, order.IdleTurns, order.Limit), (decoded.Kind, decoded.IdleTurns, decoded.Limit));
        Assert.Equal(WordsOf(order.Cores), WordsOf(decoded.Cores));
    });

    [Fact]
    public void KindThatDoesNotExist_IsNone()
    {
        foreach (ulong kind in (ulong[])[5, 128, 255, uint.MaxValue])
        {
            LinkMessage message = new() { Argument0 = kind };
            Assert.Equal(WorkloadKind.None, WorkloadOrder.Decode(in message).Kind);
        }
    }

    /// <summary>
    /// Any order to any core ends, and makes pairs: whoever sends to a peer is whom that peer hears. In a ring
    /// everybody has one
    /// neighbour each way; a core that the order leaves out has nobody.
    /// </summary>
    [Fact]
    public void Partners_AgreeOnWhatPasses() => Seeds.ForEach(200, random =>
    {
        WorkloadOrder order = new() { Kind = (WorkloadKind)random.Next(5) };
        List<uint> cores = [.. Enumerable.Range(0, random.Next(8)).Select(_ => (uint)random.Next(255)).Distinct()];
        cores.ForEach(core => order.Cores.Add(core));
        List<uint> all = [.. cores, .. Enumerable.Range(0, 4).Select(_ => (uint)random.Next(255))];

        using var onCore = new SimulatedInstance();
        onCore.RunOnCore(() =>
        {
            foreach (uint core in all)
            {
                List<(bool Sends, bool Hears)> traffic = [.. all.Select(peer => Traffic(order, core, peer))];
                List<(bool Sends, bool Hears)> mirrored = [.. all.Select(peer => Traffic(order, peer, core))];
                Assert.Equal(mirrored.Select(pair => pair.Hears), traffic.Select(pair => pair.Sends));
                Assert.Equal(mirrored.Select(pair => pair.Sends), traffic.Select(pair => pair.Hears));
                int partners = all.Distinct().Count(peer => Traffic(order, core, peer).Sends);
                Assert.Equal(Expected(order.Kind, cores, core), partners);
            }
        });
    });

    private static int Expected(WorkloadKind kind, List<uint> cores, uint core) => kind switch
    {
        WorkloadKind.None => 0,
        _ when !cores.Contains(core) => 0,
        WorkloadKind.Matrix or WorkloadKind.Storm => cores.Count - 1,
        _ => int.Min(1, cores.Count - 1),
    };

    private static (bool Sends, bool Hears) Traffic(WorkloadOrder order, uint core, uint peer)
    {
        Workload workload = default;
        workload.Begin(in order, core);
        return (workload.SendsTo(peer), workload.HearsFrom(peer));
    }

    private static ulong[] WordsOf(CoreSet cores) => [.. Enumerable.Range(0, CoreSet.WordCount).Select(cores.Word)];
}
