using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>The endpoints of the system. They are Init's, so a server may come and go while its clients wait.</summary>
internal static class Channels
{
    /// <summary>Makes the endpoints of all channels that somebody on this core serves.</summary>
    internal static StartFailure MakeAll(ref readonly InitState state)
    {
        StartFailure result = Make(in state, SystemHeader.InitChannel);
        for (uint program = 0; program < state.System.Header.ProgramCount && result == StartFailure.None; program++)
        {
            if (state.System.RunsOn(program, state.Core))
            {
                result = Open(in state, program);
            }
        }

        return result;
    }

    /// <summary>Opens the channels that a program serves: again, when they were closed, for their clients as well.</summary>
    internal static StartFailure Open(ref readonly InitState state, uint program)
    {
        ref readonly ProgramRecord record = ref state.System.Program(program);
        for (uint index = 0; index < record.GrantCount && record.FirstGrant + index < state.System.Header.GrantCount; index++)
        {
            ref readonly GrantRecord grant = ref state.System.Grant(record.FirstGrant + index);
            if (!IsServed(in state, in grant) || IsOpen(in state, grant.Object))
            {
                continue;
            }

            StartFailure made = Make(in state, grant.Object);
            made = made == StartFailure.None ? GiveToClients(in state, program, grant.Object) : made;
            if (made != StartFailure.None)
            {
                return made;
            }
        }

        return StartFailure.None;
    }

    /// <summary>Closes the channels that a program serves: whoever waits there hears that it is dead.</summary>
    internal static void Close(ref readonly InitState state, uint program)
    {
        ref readonly ProgramRecord record = ref state.System.Program(program);
        for (uint index = 0; index < record.GrantCount && record.FirstGrant + index < state.System.Header.GrantCount; index++)
        {
            ref readonly GrantRecord grant = ref state.System.Grant(record.FirstGrant + index);
            if (IsServed(in state, in grant))
            {
                uint slot = state.Slots.Channel(grant.Object);
                if (SlotMap.Root.Revoke(slot) != SystemResult.Ok || SlotMap.Root.Delete(slot) != SystemResult.Ok)
                {
                    ProgramExit.End(3);
                }
            }
        }
    }

    private static bool IsServed(ref readonly InitState state, ref readonly GrantRecord grant) =>
        grant.Kind is GrantKind.Serve or GrantKind.Faults && grant.Object < state.System.Header.ChannelCount
            && grant.Object != SystemHeader.InitChannel;

    private static bool IsOpen(ref readonly InitState state, uint channel) =>
        SlotMap.Root.Describe(state.Slots.Channel(channel), out CapabilityType type, out _) == SystemResult.Ok && type == CapabilityType.Endpoint;

    private static StartFailure Make(ref readonly InitState state, uint channel) =>
        state.Memory.Make(CapabilityType.Endpoint, 0, ObjectSize.EndpointBits, state.Slots.Channel(channel)) == SystemResult.Ok
            ? StartFailure.None
            : StartFailure.OutOfMemory;

    private static StartFailure GiveToClients(ref readonly InitState state, uint server, uint channel)
    {
        for (uint program = 0; program < state.System.Header.ProgramCount; program++)
        {
            if (program == server || state.Programs[(int)program].State != ProgramState.Running)
            {
                continue;
            }

            ref readonly ProgramRecord record = ref state.System.Program(program);
            for (uint index = 0; index < record.GrantCount; index++)
            {
                ref readonly GrantRecord grant = ref state.System.Grant(record.FirstGrant + index);
                Shelf shelf = new(program, state.Slots);
                if (grant.Kind is GrantKind.Call or GrantKind.Device && grant.Object == channel
                    && GrantMaker.Channel(in state, in shelf, in grant) != StartFailure.None)
                {
                    return StartFailure.SystemInvalid;
                }
            }
        }

        return StartFailure.None;
    }
}
