using System;
using System.Numerics;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.VirtioNet;

/// <summary>Drives the device for its stacks: polls while there is something to do, and waits for interrupts and stacks when there is not.</summary>
[NonCopyable]
internal struct DriverRun
{
    private const ulong Now = 0;
    private const uint FaultsMax = 8;

    private VirtioDevice<PciRegisters> _device;
    private FrameTransfer _transfer;
    private Signals _signals;
    private DriverMemory _memory;
    private RingMessage _address;
    private ulong _second;
    private ulong _nextLook;
    private ulong _deadline;
    private ulong _beats;
    private uint _hangsAt;
    private uint _straysAt;
    private uint _faults;
    private bool _works;

    // Stacks that do not ring, because the driver looks at them by itself: a bit each. And those that were told something in this turn.
    private uint _awake;
    private uint _told;

    // Whether the driver looks by itself for frames that came.
    private bool _receives;

    // Stacks that the system gives, a bit each.
    private readonly uint Given => (1u << (int)_memory.StackCount) - 1;

    /// <summary>Begins. The device does nothing before a stack is there.</summary>
    /// <param name="bus">Who says what the device reaches.</param>
    /// <param name="device">The device.</param>
    /// <param name="signals">What ends the driver's waits.</param>
    /// <param name="start">What the program was given.</param>
    /// <returns>False: something is not given, or not as it should be.</returns>
    internal bool TryBegin(PciClient bus, in VirtioDevice<PciRegisters> device, in Signals signals, in ProgramStart start)
    {
        _device = device;
        _signals = signals;
        _second = start.TscHz;
        _deadline = Now;
        _hangsAt = SecondOf("hang-after"u8, in start);
        _straysAt = SecondOf("stray-after"u8, in start);
        if (!_memory.TryFind(bus, in start))
        {
            return false;
        }

        _transfer.Begin(_memory.Packets, _memory.Received, _memory.StackCount, _memory.Flows);
        for (uint stack = 0; stack < _memory.StackCount; stack++)
        {
            if (_memory.Stacks[(int)stack].Channel.SignalTo(signals.OfStack(stack)) != ChannelResult.Done)
            {
                return false;
            }
        }

        return true;
    }

    // `hang-after=SECONDS`: the first life hangs then. `stray-after=SECONDS`: it tells the device of the kernel's memory then.
    private static uint SecondOf(ReadOnlySpan<byte> wanted, in ProgramStart start)
    {
        ArgumentReader reader = new(start.Arguments);
        bool isTold = reader.TryNext(out ReadOnlySpan<byte> key, out ulong seconds);
        return isTold && start.Restarts == 0 && Text.AreEqual(key, wanted) ? (uint)seconds : 0;
    }

    /// <summary>Runs for ever.</summary>
    internal void Run()
    {
        bool goesOn = true;
        ulong bits = 0;
        while (goesOn)
        {
            Wake(bits);
            bits = 0;
            Turn();

            // Who has more to do does not ask the kernel, but to ring.
            Bells bells = default;
            LeaveBells(ref bells);
            goesOn = _deadline == Now || _signals.TryWait(ref bells, _deadline, out bits);
        }
    }

    private void LeaveBells(ref Bells bells)
    {
        for (uint left = _told; left != 0; left &= left - 1)
        {
            ref StackDoor door = ref _memory.Stacks[BitOperations.TrailingZeroCount(left)];
            if (_deadline == Now)
            {
                door.Channel.EndTurn();
            }
            else
            {
                bells.Add(ref door.Channel);
            }
        }

        _told = 0;
    }

    // After a wait: who has signalled is looked at again. A stack may have gone, or one may have come.
    private void Wake(ulong bits)
    {
        ulong now = Ipc.Now();
        bool looks = now >= _nextLook;
        bool asks = looks || ChannelNews.HasChanged(bits);
        _receives |= asks || Signals.TellsOfReceived(bits) || _transfer.Holds;
        if (Signals.TellsOfSent(bits))
        {
            RiseAll();
        }

        for (uint left = asks ? Given : Signals.StacksOf(bits) & Given; left != 0; left &= left - 1)
        {
            Heed((uint)BitOperations.TrailingZeroCount(left), asks);
        }

        if (looks)
        {
            _nextLook = now + _second;
            Beat();
            Look();
        }
    }

    // Who does not see it change says that the driver hangs.
    private void Beat()
    {
        _beats++;
        for (uint stack = 0; stack < _memory.StackCount; stack++)
        {
            LinkPage.SetBeat(_memory.Stacks[(int)stack].Memory, _beats);
        }

        if (_straysAt != 0 && _beats == _straysAt)
        {
            // What tests ask for: what comes is to be written over the kernel's text from now on.
            _transfer.Misplace(ImageLayout.ImagePhysicalBase);
        }

        while (_hangsAt != 0 && _beats >= _hangsAt)
        {
            // What tests of a hang ask for by the driver's arguments: nothing that it does is of use any more.
            _ = Ipc.Now();
        }
    }

    // A device that stopped says so in its registers only, and one that was taken away has none any more: then this faults, and the driver
    // is started again by policy. Without a look nobody would miss either, because neither interrupts.
    private void Look()
    {
        if (_works && !_device.Works())
        {
            Recover();
        }
    }

    private void Heed(uint stack, bool asks)
    {
        ref StackDoor door = ref _memory.Stacks[(int)stack];
        _awake |= 1u << (int)stack;
        door.Channel.Awake(wasRung: asks && door.IsMet && !_transfer.HasWork(stack));

        bool isHeard = door.IsMet;
        while (isHeard)
        {
            ChannelResult heard = door.Channel.TryReceive(out RingMessage message);
            isHeard = heard == ChannelResult.Done;
            if (isHeard)
            {
                Take(stack, in message);
            }
            else if (heard == ChannelResult.PeerDied)
            {
                Lose(stack);
            }
        }

        if (!door.IsMet && asks)
        {
            Invite(stack);
        }
    }

    // The machine has one address: the stack that asked for it tells it, and the others hear it from here.
    private void Take(uint stack, in RingMessage message)
    {
        if (stack != 0 || message.Meta != LinkMessage.Address)
        {
            return;
        }

        _address = message;
        for (uint other = 1; other < _memory.StackCount; other++)
        {
            TellAddress(other);
        }
    }

    private void TellAddress(uint stack)
    {
        if (_memory.Stacks[(int)stack].IsServed && _address.Meta == LinkMessage.Address)
        {
            _ = _memory.Stacks[(int)stack].TrySay(in _address);
        }
    }

    private void Lose(uint stack)
    {
        ref StackDoor door = ref _memory.Stacks[(int)stack];
        door.IsServed = false;
        _transfer.Close(stack);

        // If not now, at the next look.
        door.IsMet = door.Channel.Reopen() != ChannelResult.Done;
        bool isAlone = true;
        for (uint other = 0; other < _memory.StackCount; other++)
        {
            isAlone &= !_memory.Stacks[(int)other].IsServed;
        }

        if (isAlone)
        {
            // Nobody is there to take anything: the device is quiet until somebody comes.
            _works = false;
            _ = _device.TryReset();
        }
    }

    private void Invite(uint stack)
    {
        ref StackDoor door = ref _memory.Stacks[(int)stack];
        if (_faults >= FaultsMax || door.Channel.TryOpen() != ChannelResult.Done)
        {
            return;
        }

        if (!_works && !TryStart())
        {
            _faults++;
            return;
        }

        if (!_transfer.TryOpen(stack, door.Memory, door.Packets))
        {
            return;
        }

        // One that cannot be welcomed has died again, which is heard of; or the kernel has no record for what is given, and then this life of it is not served.
        door.IsMet = true;
        door.IsServed = door.TryWelcome(_memory.ReceivedFrame, _device.Station, stack, _memory.StackCount);
        if (door.IsServed)
        {
            TellAddress(stack);
        }
        else
        {
            _transfer.Close(stack);
        }
    }

    private void Turn()
    {
        _deadline = _nextLook;
        if (!_works)
        {
            return;
        }

        TurnOutcome outcome = _transfer.Turn(DriverMemory.Receive(_memory.Queues), DriverMemory.Send(_memory.Queues), _awake, _receives);
        if (!outcome.IsHonest)
        {
            Recover();
            return;
        }

        Notify(in outcome);
        Tell();
        if (outcome.HasMore)
        {
            LookAtAll();
            _deadline = Now;
            return;
        }

        _deadline = TryRestAll() ? _nextLook : Now;
    }

    private bool TryRestAll()
    {
        bool mayRest = _transfer.TryRest(DriverMemory.Receive(_memory.Queues), DriverMemory.Send(_memory.Queues), _receives);
        if (_transfer.Holds)
        {
            // A stack may have taken what it had before it could know that the driver waits for that.
            RiseAll();
        }

        _receives = false;
        if (mayRest && MayRest())
        {
            return true;
        }

        LookAtAll();
        return false;
    }

    // Who goes on without a wait hears of nobody that rings, nor of an interrupt.
    private void LookAtAll()
    {
        _receives = true;
        RiseAll();
    }

    private void RiseAll()
    {
        for (uint left = Given; left != 0; left &= left - 1)
        {
            _memory.Stacks[BitOperations.TrailingZeroCount(left)].Channel.Awake(wasRung: false);
        }

        _awake = Given;
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

    private void Tell()
    {
        PassNeighborsOn();
        for (uint left = _transfer.TakeNews(); left != 0; left &= left - 1)
        {
            uint stack = (uint)BitOperations.TrailingZeroCount(left);
            ref StackDoor door = ref _memory.Stacks[(int)stack];
            if (door.IsServed)
            {
                door.Channel.Nudge();
                door.Channel.EndTurn(rings: false);
                _told |= 1u << (int)stack;
            }
        }
    }

    private void PassNeighborsOn()
    {
        int replies = _transfer.NeighborCount;
        for (uint stack = 1; stack < _memory.StackCount && replies != 0; stack++)
        {
            ref StackDoor door = ref _memory.Stacks[(int)stack];
            for (int reply = 0; door.IsServed && reply < replies; reply++)
            {
                RingMessage message = _transfer.NeighborAt(reply);
                _ = door.TrySay(in message);
            }
        }

        _transfer.ClearNeighbors();
    }

    // From now on stacks ring that did not. What they put into their rings before they could know is found by a last look.
    private bool MayRest()
    {
        for (uint left = _awake; left != 0; left &= left - 1)
        {
            uint stack = (uint)BitOperations.TrailingZeroCount(left);
            ref StackDoor door = ref _memory.Stacks[(int)stack];
            bool rests = !door.IsServed || (door.Channel.TryRest(rings: false) && !_transfer.HasWork(stack));
            _awake &= rests ? ~(1u << (int)stack) : ~0u;
        }

        return _awake == 0;
    }

    // The device broke the rules: it is begun again with the buffers that it had, but not for ever.
    private void Recover()
    {
        _works = false;
        _faults++;
        bool mayStart = _device.TryReset() && _faults < FaultsMax;
        _deadline = mayStart && TryStart() ? Now : _nextLook;
    }

    private bool TryStart()
    {
        _works = false;
        if (_device.Begin() != DeviceStart.Ready
            || _device.SetQueue(VirtioRegisters.ReceiveQueue, _memory.ReceivePage, VirtioRegisters.ReceiveQueue, out int receive) != DeviceStart.Ready
            || _device.SetQueue(VirtioRegisters.SendQueue, _memory.SendPage, VirtioRegisters.SendQueue, out int send) != DeviceStart.Ready)
        {
            return false;
        }

        _transfer.BeginReceive(DriverMemory.Receive(_memory.Queues), _memory.ReceivePage, receive, _device.HasEvents);
        _transfer.BeginSend(DriverMemory.Send(_memory.Queues), _memory.SendPage, send, _device.HasEvents);
        _device.Finish();
        _works = true;
        LookAtAll();
        return true;
    }
}
