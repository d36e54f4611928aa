using Atoll.Abi;
using Atoll.Cap;
using Atoll.Channels;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>What the programs of a simulated core do by chance: each time one thing, as their world likes it.</summary>
/// <remarks>They choose among what there is: by chance alone a taken capability and a channel that is free for it hardly ever meet.</remarks>
internal sealed unsafe class ProgramActs(RemotePrograms programs, RemoteWorld world)
{
    private const int RightsMax = 16;

    private static readonly ThreadOperation[] s_operations =
        [ThreadOperation.SetLocalBase, ThreadOperation.SetLocalBase, ThreadOperation.GetRegisters, ThreadOperation.Suspend, ThreadOperation.Resume];

    /// <summary>A kernel gets slow.</summary>
    public Action<uint> Slowing { get; set; } = _ => { };

    private IReadOnlyList<Channels.SimulatedEnd> Ends => programs.Channels.Ends;

    /// <summary>One thing that a program does.</summary>
    public void Step(Random random)
    {
        programs.GoOn();
        switch (world.Next(random))
        {
            case Act.Channel:
                programs.Channels.Step(random);
                break;
            case Act.Reopen:
                programs.Channels.ReopenAll();
                break;
            case Act.Give:
                Give(random);
                break;
            case Act.GiveOn:
                GiveOn(random);
                break;
            case Act.Take:
                Take(random);
                break;
            case Act.Delete:
                Delete(random);
                break;
            case Act.Copy:
                Copy(random);
                break;
            case Act.Signal:
                programs.Signal(AnySlot(random));
                break;
            case Act.Call:
                Call(random);
                break;
            case Act.CallLast:
                CallLast(random);
                break;
            case Act.Ask:
                Ask(random);
                break;
            case Act.Make:
                Make(random);
                break;
            case Act.Serve:
                programs.Calls.Serve(random);
                break;
            case Act.EndCaller:
                programs.Calls.EndCaller(random);
                break;
            case Act.Revoke:
                programs.TakeBack((uint)random.Next((int)RemotePrograms.Owned));
                break;
            case Act.RevokeGiven:
                RevokeGiven(random);
                break;
        }

        programs.AfterCall();
    }

    private void Give(Random random)
    {
        if (Ends.Count == 0)
        {
            return;
        }

        uint slot = random.Next(4) == 0 ? AnySlot(random) : (uint)random.Next((int)RemotePrograms.Owned);
        _ = programs.Give(Any(random, [.. Ends.Select(end => end.Number)]), slot, Rights(random));
    }

    // Over an end to another core that carries nothing else.
    private void GiveOn(Random random)
    {
        uint[] held = Held(_ => true);
        uint[] free = [.. Ends.Select(end => end.Number).Where(end => IsFreeToAnother(in programs.Channels.Table[end]))];
        if (held.Length == 0 || free.Length == 0)
        {
            return;
        }

        uint end = Any(random, free);
        uint slot = Any(random, held);
        if (world.IsSlow && random.Next(3) == 0)
        {
            // Then what the giver says may overtake what the home says.
            Slowing(programs.Channels.Table[end].Peer);
        }

        _ = programs.Give(end, slot, Rights(random));
        switch (random.Next(4))
        {
            case 0:
                // Nothing may pass it on the way.
                _ = programs.Give(end, (uint)random.Next((int)RemotePrograms.Owned));
                break;
            case 1 when !world.IsPeaceful:
                programs.TakeBack(slot);
                break;
            case 2 when !world.IsPeaceful && random.Next(2) == 0:
                programs.Delete(slot);
                break;
        }
    }

    private void Take(Random random)
    {
        uint[] full = [.. Ends.Select(end => end.Number).Where(end => programs.Channels.Table[end].Arrived != 0)];
        uint[] empty = [.. All().Where(slot => programs.Slot(slot).Value.IsEmpty)];
        if (full.Length != 0 && empty.Length != 0)
        {
            _ = programs.Take(Any(random, full), Any(random, empty));
        }
    }

    private void Delete(Random random)
    {
        uint[] held = Held(_ => true);
        if (held.Length != 0)
        {
            programs.Delete(Any(random, held));
        }
    }

    private void Copy(Random random)
    {
        uint to = AnySlot(random);
        if (programs.Slot(to).Value.IsEmpty)
        {
            programs.Copy(AnySlot(random), to);
        }
    }

    // Asks a thread of another core, if there is one.
    private void Ask(Random random)
    {
        uint[] threads = Held(slot => programs.Slot(slot).Value is { Type: CapabilityType.Remote, SizeBits: (byte)CapabilityType.Thread });
        if (threads.Length != 0)
        {
            uint slot = Any(random, threads);
            for (int asks = random.Next(1, 4); asks != 0; asks--)
            {
                ThreadOperation operation = s_operations[random.Next(s_operations.Length)];
                _ = programs.Ask(slot, operation, operation == ThreadOperation.GetRegisters ? ControlledThread.FirstRegister : 0);
            }
        }
    }

    // Makes a frame, or a smaller untyped, of one of another core; and tries what nobody may.
    private void Make(Random random)
    {
        uint[] untypeds = Held(slot => programs.Slot(slot).Value is { Type: CapabilityType.Untyped, IsInside: false });
        uint[] empty = [.. All().Where(slot => slot < RemotePrograms.NodeSlots && programs.Slot(slot).Value.IsEmpty)];
        if (untypeds.Length == 0 || empty.Length == 0)
        {
            return;
        }

        uint untyped = Any(random, untypeds);
        uint into = Any(random, empty);
        Assert.Equal(SystemResult.ArgumentInvalid, programs.Make(untyped, random.Next(2) == 0 ? CapabilityType.Endpoint : CapabilityType.Notification, 0, into));
        Assert.NotEqual(SystemResult.Ok, UntypedReset.Reset(ref programs.Slot(untyped).Value).Result);
        bool isFrame = random.Next(4) != 0;
        SystemResult made = programs.Make(untyped, isFrame ? CapabilityType.Frame : CapabilityType.Untyped, isFrame ? (byte)ObjectSize.FrameBits : (byte)(ObjectSize.FrameBits + 1), into);
        Assert.True(made is SystemResult.Ok or SystemResult.NotEnoughMemory, $"what was made of an untyped of another core: {made}");
    }

    // Bursts, so that rings and homes get full.
    private void Call(Random random)
    {
        int calls = random.Next(4) == 0 ? random.Next(12) : 1;
        uint first = AnySlot(random);
        for (uint look = 0; look < RemotePrograms.Slots && calls != 0; look++)
        {
            uint slot = (first + look) % RemotePrograms.Slots;
            while (calls != 0 && programs.Calls.Call(slot, random.Next(5) != 0, random.Next(6) != 0) == SystemResult.Ok)
            {
                calls--;
                if (random.Next(2) == 0)
                {
                    break;
                }
            }
        }
    }

    // Calls, and has nothing of it left before the answer comes.
    private void CallLast(Random random)
    {
        uint[] endpoints = Held(slot => programs.Slot(slot).Value is { Type: CapabilityType.Remote, SizeBits: (byte)CapabilityType.Endpoint });
        if (endpoints.Length != 0)
        {
            uint slot = Any(random, endpoints);
            _ = programs.Call(slot);
            programs.Delete(slot);
        }
    }

    private void RevokeGiven(Random random)
    {
        uint[] given = Held(slot => programs.Slot(slot).Value.HasChildren);
        given = given.Length == 0 ? Held(_ => true) : given;
        if (given.Length != 0)
        {
            programs.TakeBack(Any(random, given));
        }
    }

    private bool IsFreeToAnother(ref readonly ChannelEntry end) => end.State == ChannelState.Open && end.Given == 0 && end.Peer != programs.Member.Number;

    private uint[] Held(Func<uint, bool> which) => [.. All().Where(slot => slot >= RemotePrograms.Owned && !programs.Slot(slot).Value.IsEmpty && which(slot))];

    private static IEnumerable<uint> All() => Enumerable.Range(0, (int)RemotePrograms.Slots).Select(slot => (uint)slot);

    private static uint AnySlot(Random random) => (uint)random.Next((int)RemotePrograms.Slots);

    private static CapabilityRights Rights(Random random) => random.Next(2) == 0 ? CapabilityRights.All : (CapabilityRights)random.Next(RightsMax);

    private static uint Any(Random random, uint[] numbers) => numbers[random.Next(numbers.Length)];
}
