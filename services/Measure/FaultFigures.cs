using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>Faults that another thread deals with.</summary>
public static class FaultFigures
{
    private const uint Rounds = 100;
    private const ulong HandlerStackTop = 0x0037_0000;
    private const ulong FaultingStackTop = 0x0038_0000;
    private const ulong Nothing = 0x0033_0000;

    /// <summary>Starts both threads, and goes on when it is measured.</summary>
    public static void Begin(ref Setting setting)
    {
        Space.AddStack(ref setting, RootSlot.VSpace, HandlerStackTop);
        Space.AddStack(ref setting, RootSlot.VSpace, FaultingStackTop);
        uint endpoint = Partner.Serve(ref setting, Role.HandlesFaults, RootSlot.VSpace, HandlerStackTop);
        Partner.Run(ref setting, Role.Faults, FaultingStackTop, faultEndpoint: endpoint);
    }

    /// <summary>Measures, in the thread that faults, which stops then.</summary>
    /// <param name="thread">Slot of the thread.</param>
    internal static void Measure(uint thread)
    {
        Sample sample = Sample.Start();
        for (uint round = 0; round < Rounds; round++)
        {
            sample.Begin();
            _ = Load(Nothing);
            sample.End();
        }

        sample.Tell("fault.page"u8);
        Report.Expect(new ThreadControl(thread).Suspend());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    [Trusted(Safety = "Nothing is mapped there: the load faults, and the handler lets the thread go on behind it.")]
    private static unsafe byte Load(ulong address) => *(byte*)address;
}
