using Atoll.Arch;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>What goes wrong in a world beside what programs do: kernels that are slow, rings that are full, and deaths.</summary>
internal sealed unsafe class RemoteFaults(RemoteCores cores, RemoteWorld world, Random random)
{
    private readonly HashSet<uint> _killed = [];

    /// <summary>A core is about to do something. It may die instead, or find that a ring is full.</summary>
    /// <exception cref="CheckFailedException">It dies.</exception>
    public void Strike(SimulatedMember member)
    {
        if (random.Next(world.StallEvery) == 0)
        {
            Stall((uint)random.Next(1, cores.Count));
        }

        if (random.Next(world.FullEvery) == 0)
        {
            Fill(member);
        }

        // One that dies while it is started is given up: another matter.
        bool isUp = cores.Machine.Coordinator.Instances[(int)member.Number].Lifecycle == InstanceLifecycle.Healthy;

        // The first core's kernel ends the machine when no other could take its console over (InstancePanic).
        bool mayDie = member.Number == InstanceState.CoordinatorCore ? world.KillsFirst && member.State->HasDeputy : cores.HasDeaths && isUp;
        int every = member.Number == InstanceState.CoordinatorCore ? int.Min(world.DeathEvery, FirstDeathEvery) : world.DeathEvery;
        if (mayDie && random.Next(every) == 0)
        {
            _ = _killed.Add(member.Number);
            throw new CheckFailedException();
        }
    }

    /// <summary>A core begins anew.</summary>
    public void Begin(uint core) => _ = _killed.Remove(core);

    /// <summary>A failed check of the kernel's own would pass for a death that was meant.</summary>
    public void AssertOnlyKilledPanic()
    {
        foreach (SimulatedMember member in cores.Machine.Members)
        {
            Assert.True(cores.HasDeaths || member.Activity != Activity.Parked || _killed.Contains(member.Number), $"core {member.Number} panicked, and nobody killed it");
        }
    }

    private const int FirstDeathEvery = 60;

    /// <summary>A kernel is slow: the rings to it fill.</summary>
    public void Stall(uint core)
    {
        SimulatedMember member = cores[core].Member;
        if (core != InstanceState.CoordinatorCore && member.IsAlive && !member.IsHung)
        {
            member.HangUntil(cores.Machine.Now + (ulong)random.Next(world.StallMax));
        }
    }

    // Whatever it says next to that one finds no room, until that one has read what says nothing.
    private void Fill(SimulatedMember member)
    {
        uint position = (uint)random.Next((int)member.State->LinkCount + 1);
        if (position == member.State->LinkCount)
        {
            return;
        }

        ref LinkEntry entry = ref member.State->Map.Link(position);
        if (!entry.IsUsed || entry.OwesRelease || entry.Link.State != LinkState.Open)
        {
            return;
        }

        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.SignalNotification;
        message.Operation = uint.MaxValue;
        while (entry.Link.TrySend<CoherentMemory>(ref message) == LinkSendResult.Sent)
        {
        }

        Stall(entry.Link.Peer);
        LinkTurn.End(ref *member.State);
    }
}
