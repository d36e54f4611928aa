using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>What Init does before it serves.</summary>
internal static class InitBoot
{
    private const uint OwnTables = 4;

    /// <summary>Reads what the kernel says, and makes ready for programs.</summary>
    internal static StartFailure Begin(ref InitState state)
    {
        ref readonly BootInformation told = ref Information();
        state.Core = told.Core;
        state.Cores = told.Cores;
        state.TscHz = told.TscHz;
        state.Slots = new SlotMap(told.FirstFree);
        state.Memory = new FreeMemory(told.FirstUntyped, told.UntypedCount);
        state.Devices = new DeviceMemory(told.FirstDevice, told.DeviceCount, told.DeviceBase, told.Remapping != 0);
        if (state.Slots.End > 1u << RootSlot.RootRadix)
        {
            return StartFailure.OutOfSlots;
        }

        if (state.Memory.Make(CapabilityType.Reply, 0, ObjectSize.ReplyBits, state.Slots.Reply) != SystemResult.Ok)
        {
            return StartFailure.OutOfMemory;
        }

        StartFailure result = CapabilitySpace.Enter(in state);
        state.Space = new OwnSpace(Largest(in told), state.Slots.Tables, OwnTables);
        result = result == StartFailure.None ? BundleView.Map(in told, ref state.Space, out state.Bundle) : result;
        result = result == StartFailure.None ? SystemView.Open(state.Bundle, out state.System) : result;
        result = result == StartFailure.None ? RegionMemory.Make(ref state) : result;
        result = result == StartFailure.None ? StopChannel.Make(ref state) : result;
        return result == StartFailure.None ? Channels.MakeAll(in state) : result;
    }

    /// <summary>Starts every program of this core. One that cannot be started keeps nobody from going on.</summary>
    internal static void StartPrograms(ref InitState state)
    {
        for (uint program = 0; program < state.System.Header.ProgramCount; program++)
        {
            if (state.System.RunsOn(program, state.Core) && ProgramLife.Start(ref state, program) != StartFailure.None)
            {
                state.FailedAtBoot++;
            }
        }
    }

    [Trusted(Safety = "The kernel maps the page there, readable, before the program begins.")]
    private static unsafe ref readonly BootInformation Information() => ref *(BootInformation*)BootInformation.Address;

    private static UntypedMemory Largest(ref readonly BootInformation told)
    {
        uint largest = 0;
        for (uint piece = 1; piece < told.UntypedCount && piece < BootInformation.UntypedMax; piece++)
        {
            if (told.Sizes[(int)piece] > told.Sizes[(int)largest])
            {
                largest = piece;
            }
        }

        return new UntypedMemory(told.FirstUntyped + largest);
    }
}
