using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Init;

/// <summary>What Init does for the rest of its life: faults of programs that nobody else watches over, and what the shell asks.</summary>
internal static class InitServer
{
    /// <summary>Serves for ever.</summary>
    internal static void Serve(ref InitState state)
    {
        uint endpoint = state.Slots.Channel(SystemHeader.InitChannel);
        while (true)
        {
            SystemResult result = Ipc.Receive(endpoint, reply: 0, out Message message);
            if (result == SystemResult.Ok && (message.Badge & ProgramBuilder.FaultBadge) != 0)
            {
                Fault(ref state, (uint)message.Badge, in message);
            }
        }
    }

    private static void Fault(ref InitState state, uint program, ref readonly Message message)
    {
        if (program >= state.System.Header.ProgramCount || state.Programs[(int)program].State != ProgramState.Running)
        {
            return;
        }

        ref ProgramEntry entry = ref state.Programs[(int)program];
        entry.Fault = (FaultKind)message.Header.Label;
        if (entry.Fault == FaultKind.UnknownSystemCall && ProgramExit.IsEnd(message.Word1, out byte code))
        {
            entry.ExitCode = code;
            ProgramLife.Stop(ref state, program, ProgramState.Ended);
            return;
        }

        _ = ProgramLife.AfterFault(ref state, program);
    }
}
