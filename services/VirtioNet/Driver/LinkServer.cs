using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.VirtioNet;

/// <summary>Drives the device for a stack: polls while there is something to do, and waits for interrupts when there is not.</summary>
public struct LinkServer : ILinkServer
{
    private const ulong Now = 0;
    private const uint FaultsMax = 8;

    private VirtioDevice<PciRegisters> _device;
    private FrameTransfer _transfer;
    private Signals _signals;
    private MemoryRegion _queues;
    private MemoryRegion _rings;
    private ulong _receivePage;
    private ulong _sendPage;
    private ulong _packets;
    private ulong _second;
    private ulong _nextLook;
    private ulong _interrupts;
    private uint _faults;
    private bool _works;

    /// <inheritdoc/>
    public ulong NextDeadline { get; private set; }

    /// <summary>Begins. The device does nothing before a stack attaches.</summary>
    /// <param name="device">The device.</param>
    /// <param name="signals">What ends the driver's waits.</param>
    /// <param name="memory">Where everything lies.</param>
    /// <param name="tscHz">Ticks of the time-stamp counter a second.</param>
    internal static LinkServer Of(in VirtioDevice<PciRegisters> device, in Signals signals, in DriverMemory memory, ulong tscHz) => new()
    {
        _device = device,
        _signals = signals,
        _queues = memory.Queues,
        _rings = memory.Rings,
        _receivePage = memory.ReceivePage,
        _sendPage = memory.SendPage,
        _packets = memory.Packets,
        _second = tscHz,
        NextDeadline = Deadline.Never,
    };

    /// <inheritdoc/>
    public LinkAnswer Attach(in Caller caller, SignalWord wake, out ulong station, out SignalWord doorbell)
    {
        station = 0;
        doorbell = default;
        if (_faults >= FaultsMax || !_device.TryReset())
        {
            return LinkAnswer.DeviceBroken;
        }

        if (!_signals.TryKeep(wake))
        {
            return LinkAnswer.Exhausted;
        }

        _transfer.Begin(_packets, _rings);
        if (!TryStart())
        {
            return LinkAnswer.DeviceBroken;
        }

        station = _device.Station;
        doorbell = _signals.Doorbell;
        NextDeadline = Now;
        return LinkAnswer.Done;
    }

    /// <inheritdoc/>
    public readonly LinkAnswer Describe(
        in Caller caller, out ulong received, out ulong sent, out ulong interrupts, out ulong refused, out ulong faults)
    {
        TransferCounters counters = _transfer.Counters;
        received = counters.Received;
        sent = counters.Sent;
        refused = counters.Refused;
        interrupts = _interrupts;
        faults = _faults;
        return LinkAnswer.Done;
    }

    /// <inheritdoc/>
    public void Signalled(ulong bits)
    {
        _interrupts += (bits & Signals.Interrupts) != 0 ? 1u : 0;
        Turn();
    }

    /// <inheritdoc/>
    public void Elapsed()
    {
        if (_works && Ipc.Now() >= _nextLook)
        {
            Look();
        }
        else
        {
            Turn();
        }
    }

    // A device that stopped says so in its registers only, and one that was taken away has none any more: then this faults, and the driver
    // is started again by policy. Without a look nobody would miss either, because neither interrupts.
    private void Look()
    {
        _nextLook = Ipc.Now() + _second;
        if (_device.Works())
        {
            Turn();
        }
        else
        {
            Recover();
        }
    }

    private void Turn()
    {
        NextDeadline = Deadline.Never;
        if (!_works)
        {
            return;
        }

        TurnOutcome outcome = _transfer.Turn(DriverMemory.Receive(_queues), DriverMemory.Send(_queues), _rings);
        if (!outcome.IsHonest)
        {
            Recover();
            return;
        }

        Notify(in outcome);
        if (outcome.WakesStack && !_signals.TryWake())
        {
            // Nobody is there to take anything: the device is quiet until somebody attaches.
            _works = false;
            _ = _device.TryReset();
            return;
        }

        bool isAtRest = !outcome.HasMore && _transfer.TryRest(DriverMemory.Receive(_queues), DriverMemory.Send(_queues));
        NextDeadline = isAtRest ? _nextLook : Now;
    }

    private void Notify(in TurnOutcome outcome)
    {
        if (outcome.NotifiesReceive)
        {
            _device.NotifyReceive();
        }

        if (outcome.NotifiesSend)
        {
            _device.NotifySend();
        }
    }

    // The device broke the rules: it is begun again with the buffers that it had, but not for ever.
    private void Recover()
    {
        _works = false;
        _faults++;
        bool mayStart = _device.TryReset() && _faults < FaultsMax;
        NextDeadline = mayStart && TryStart() ? Now : Deadline.Never;
        _ = _signals.TryWake();
    }

    private bool TryStart()
    {
        _works = false;
        if (_device.Begin() != DeviceStart.Ready
            || _device.SetQueue(VirtioRegisters.ReceiveQueue, _receivePage, VirtioRegisters.ReceiveQueue, out int receive) != DeviceStart.Ready
            || _device.SetQueue(VirtioRegisters.SendQueue, _sendPage, VirtioRegisters.SendQueue, out int send) != DeviceStart.Ready)
        {
            return false;
        }

        _transfer.BeginReceive(DriverMemory.Receive(_queues), _receivePage, receive, _device.HasEvents);
        _transfer.BeginSend(DriverMemory.Send(_queues), _sendPage, send, _device.HasEvents, _rings);
        _device.Finish();
        _nextLook = Ipc.Now() + _second;
        _works = true;
        return true;
    }
}
