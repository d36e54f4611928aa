using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>Signals.</summary>
public static class SignalFigures
{
    private const uint Rounds = 1000;
    private const ulong StackTop = 0x0036_0000;

    /// <summary>Measures.</summary>
    public static void Measure(ref Setting setting)
    {
        uint notification = setting.Make(CapabilityType.Notification);
        Report.Expect(Ipc.Signal(notification));
        Sample alone = Sample.Start();
        Signal(ref alone, notification);
        alone.Tell("signal.no-waiter"u8);

        // It goes first: it waits before this one goes on, takes each signal at once and waits again.
        Space.AddStack(ref setting, RootSlot.VSpace, StackTop);
        Partner.Run(ref setting, Role.TakesSignals, StackTop, notification);
        Sample switching = Sample.Start();
        Signal(ref switching, notification);
        switching.Tell("signal.switch"u8);
    }

    private static void Signal(ref Sample sample, uint notification)
    {
        for (uint round = 0; round < Rounds; round++)
        {
            sample.Begin();
            SystemResult result = Ipc.Signal(notification);
            sample.End();
            Report.Expect(result);
        }
    }
}
