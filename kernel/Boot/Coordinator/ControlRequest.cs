using System.Threading;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Ipc;

namespace Atoll.Boot;

/// <summary>Every outcome of asking an instance for something.</summary>
public enum RequestResult : byte
{
    /// <summary>It did it.</summary>
    Accepted,

    /// <summary>It refused.</summary>
    Refused,

    /// <summary>It has died.</summary>
    PeerDied,

    /// <summary>It did not answer within <see cref="Limits.ControlDeadlineMilliseconds"/>.</summary>
    Deadline,

    /// <summary>Its ring is full: it does not read.</summary>
    Full,
}

/// <summary>Asks an instance and waits for the answer, but no longer than its deadline or its life.</summary>
public static unsafe class ControlRequest
{
    private const ulong WaitMicroseconds = 100;

    /// <summary>Sends one request to a member and waits for its answer.</summary>
    public static RequestResult Ask(ref InstanceState state, ref InstanceEntry entry, uint core, in RingMessage request)
    {
        InstanceStatus* status = (InstanceStatus*)PeerMap.Address(in state.Map, PeerMap.OfCore(core, PeerSlot.CoordinatorStatus));
        if (entry.ToInstance.TrySend<CoherentMemory>(in request) != SendResult.Sent)
        {
            return RequestResult.Full;
        }

        ulong deadline = Cpu.ReadTsc() + state.Clock.TscTicks(Limits.ControlDeadlineMilliseconds * 1000UL);
        while (true)
        {
            if (entry.FromInstance.TryReceive<CoherentMemory>(out RingMessage answer) == ReceiveResult.Received)
            {
                return answer.Meta == (uint)ControlKind.Accepted ? RequestResult.Accepted : RequestResult.Refused;
            }

            if (Volatile.Read(ref status->State) != (ulong)InstanceLifecycle.Healthy)
            {
                return RequestResult.PeerDied;
            }

            if (Cpu.ReadTsc() > deadline)
            {
                return RequestResult.Deadline;
            }

            Sleeper.Sleep(ref state, WaitMicroseconds);
        }
    }
}
