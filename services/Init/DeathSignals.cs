using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>Tells programs with a grant of kind <c>deaths</c> that another was taken away.</summary>
/// <remarks>
/// By a signal, so Init waits for nobody. The signal is pending before the next life of the dead program begins, and the kernel gives a server what is
/// pending before it gives it a message: nothing of the next life comes first.
/// </remarks>
internal static class DeathSignals
{
    private const byte SignalRefused = 4;

    /// <summary>Tells all that ask for it. Who does not run has nothing to forget.</summary>
    /// <param name="state">What Init knows.</param>
    /// <param name="dead">Whose objects are gone.</param>
    internal static void Send(ref readonly InitState state, uint dead)
    {
        for (uint program = 0; program < state.System.Header.ProgramCount; program++)
        {
            if (program != dead && state.Programs[(int)program].State == ProgramState.Running && Asks(in state, program))
            {
                Signal(in state, program, dead);
            }
        }
    }

    private static bool Asks(ref readonly InitState state, uint program)
    {
        ref readonly ProgramRecord record = ref state.System.Program(program);
        for (uint index = 0; index < record.GrantCount && record.FirstGrant + index < state.System.Header.GrantCount; index++)
        {
            if (state.System.Grant(record.FirstGrant + index).Kind == GrantKind.Deaths)
            {
                return true;
            }
        }

        return false;
    }

    // The bits of a signal are the badge of the capability that it is sent by.
    private static void Signal(ref readonly InitState state, uint program, uint dead)
    {
        Shelf shelf = new(program, state.Slots);
        uint slot = state.Slots.Passing;
        SystemResult minted = SlotMap.Root.Mint(slot, shelf.Table, ShelfSlot.Notification, CapabilityRights.Write, DeathSignal.Of(dead));
        if (minted != SystemResult.Ok || Ipc.Signal(slot) != SystemResult.Ok || SlotMap.Root.Delete(slot) != SystemResult.Ok)
        {
            // Init made the notification, and holds it.
            ProgramExit.End(SignalRefused);
        }
    }
}
