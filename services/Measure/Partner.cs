using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>Starts the other ends of what is measured: threads of this program, in this address space or in another.</summary>
public static class Partner
{
    private const byte Priority = 251;
    private const ulong TurnMicroseconds = 10_000;
    private const int RoleShift = 32;

    /// <summary>What a thread is to do, from the second word that it begins with.</summary>
    public static Role RoleOf(ulong word) => (Role)(word >> RoleShift);

    /// <summary>The rest of that word.</summary>
    public static uint RestOf(ulong word) => (uint)word;

    /// <summary>Starts a thread that serves an endpoint on its callers' time.</summary>
    /// <param name="setting">Where its objects come from.</param>
    /// <param name="role">What it does.</param>
    /// <param name="space">Its address space.</param>
    /// <param name="stackTop">Its stack, in that space.</param>
    /// <param name="bufferAddress">Where its message buffer is mapped; 0: it has none.</param>
    /// <returns>Slot of the endpoint.</returns>
    public static uint Serve(ref Setting setting, Role role, uint space, ulong stackTop, ulong bufferAddress = 0)
    {
        uint endpoint = setting.Make(CapabilityType.Endpoint);
        uint reply = setting.Make(CapabilityType.Reply);
        uint buffer = bufferAddress == 0 ? 0 : Space.AddPage(ref setting, space, bufferAddress);
        uint thread = setting.Make(CapabilityType.Thread);
        ThreadControl server = new(thread);
        Report.Expect(server.Configure(RootSlot.CNode, space, faultEndpoint: 0, buffer));
        if (buffer != 0)
        {
            Report.Expect(server.SetBuffer(bufferAddress));
        }

        // It runs at once, up to its first receive; from then on it runs on its callers' time.
        Start(ref setting, thread, role, stackTop, endpoint, reply);
        Report.Expect(server.UnbindContext());
        return endpoint;
    }

    /// <summary>Starts a thread that runs on its own time, before this one.</summary>
    /// <param name="setting">Where its objects come from.</param>
    /// <param name="role">What it does.</param>
    /// <param name="stackTop">Its stack.</param>
    /// <param name="works">Slot that it works with; 0: its own.</param>
    /// <param name="faultEndpoint">Who hears of its faults; 0: nobody.</param>
    public static void Run(ref Setting setting, Role role, ulong stackTop, uint works = 0, uint faultEndpoint = 0)
    {
        uint thread = setting.Make(CapabilityType.Thread);
        Report.Expect(new ThreadControl(thread).Configure(RootSlot.CNode, RootSlot.VSpace, faultEndpoint, bufferFrame: 0));
        Start(ref setting, thread, role, stackTop, works == 0 ? thread : works, 0);
    }

    private static void Start(ref Setting setting, uint thread, Role role, ulong stackTop, uint first, uint second)
    {
        uint time = setting.Make(CapabilityType.SchedulingContext);
        ThreadControl control = new(thread);
        Report.Expect(new SchedulingAuthority(RootSlot.SchedulingControl).Configure(time, TurnMicroseconds, TurnMicroseconds));
        Report.Expect(control.SetPriority(Priority, Priority));
        Report.Expect(control.SetRegisters(Ipc.ThreadEntry(), stackTop, first, second | ((ulong)role << RoleShift)));
        Report.Expect(control.BindContext(time));
        Report.Expect(control.Resume());
    }
}
