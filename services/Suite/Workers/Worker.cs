using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>A thread of the suite's own, in this address space unless a test says otherwise.</summary>
internal static class Worker
{
    private const ulong TurnMicroseconds = 1000;
    private const int SecondShift = 16;
    private const int NumberShift = 32;
    private const ulong BufferBytes = MessageBuffer.SizeBytes;

    /// <summary>Makes a thread with time and a message buffer, ready to be started.</summary>
    /// <returns>Its slot; its time is in the next.</returns>
    internal static uint Make(
        ref Test test, uint number, byte priority = Priority.Above, ulong faults = 0, ulong root = RootSlot.CNode, ulong space = RootSlot.VSpace)
    {
        uint slot = test.Make(CapabilityType.Thread);
        uint time = test.Make(CapabilityType.SchedulingContext);
        ThreadControl thread = new(slot);
        test.Ok(new SchedulingAuthority(RootSlot.SchedulingControl).Configure(time, TurnMicroseconds, TurnMicroseconds));
        test.Ok(thread.Configure(root, space, faults, test.Setting.Buffers));
        test.Ok(thread.SetBuffer(BufferOf(number), number * BufferBytes));
        test.Ok(thread.SetPriority(priority, priority));
        test.Ok(thread.BindContext(time));
        return slot;
    }

    /// <summary>Starts a worker.</summary>
    /// <param name="test">The test.</param>
    /// <param name="number">Which: its stack, its buffer and its words of the board.</param>
    /// <param name="role">What it does.</param>
    /// <param name="first">Slot.</param>
    /// <param name="second">Slot.</param>
    /// <param name="priority">When it runs.</param>
    /// <returns>Slot of its thread; its time is in the next.</returns>
    internal static uint Start(ref Test test, uint number, Role role, uint first = 0, uint second = 0, byte priority = Priority.Above)
    {
        uint thread = Make(ref test, number, priority);
        Go(ref test, thread, number, role, first, second);
        return thread;
    }

    /// <summary>Starts a thread that is made.</summary>
    internal static void Go(ref Test test, uint thread, uint number, Role role, uint first = 0, uint second = 0)
    {
        ulong argument = first | ((ulong)second << SecondShift) | ((ulong)number << NumberShift);
        test.Ok(new ThreadControl(thread).SetRegisters(Ipc.ThreadEntry(), Layout.StackTop(number), (ulong)role, argument));
        test.Ok(new ThreadControl(thread).Resume());
    }

    /// <summary>Where a worker's message buffer is mapped.</summary>
    internal static ulong BufferOf(uint number) => Layout.Buffers + (number * BufferBytes);

    /// <summary>A worker's life. It ends by a return: then its thread faults and stops, because nothing stands behind it.</summary>
    internal static void Live(Role role, ulong argument)
    {
        uint first = (ushort)argument;
        uint second = (ushort)(argument >> SecondShift);
        uint number = (uint)(argument >> NumberShift);
        switch (role)
        {
            case Role.Echo:
                Servers.Echo(number, first, second);
                break;
            case Role.EchoAll:
                Servers.EchoAll(number, first, second);
                break;
            case Role.AnswerTwice:
                Servers.AnswerTwice(number, first, second);
                break;
            case Role.Keep:
                Servers.Keep(number, first, second);
                break;
            case Role.KeepAndSpin:
                _ = Ipc.Receive(first, second, out _);
                Busy.Spin(number);
                break;
            case Role.Send or Role.Call:
                Clients.Speak(number, first, role == Role.Call);
                break;
            case Role.Receive:
                Clients.Receive(number, first);
                break;
            case Role.Signal:
                Done(number, Ipc.Signal(first));
                break;
            case Role.Spin:
                Busy.Spin(number);
                break;
            case Role.Storm:
                Busy.Storm(number);
                break;
            case Role.Flood:
                Busy.Flood(number, first);
                break;
            case Role.Yield:
                Busy.Yield(number, first);
                break;
            case Role.Sleep:
                Clients.Sleep(number, first, second);
                break;
            case Role.Delete:
                Done(number, Setting.Root.Delete(first));
                break;
            case Role.Raise:
                Done(number, new ThreadControl(first).SetPriority((byte)second, (byte)second));
                break;
            case Role.Exhaust:
                Busy.Exhaust(number, first, second);
                break;
        }
    }

    /// <summary>Writes a result to the board, and that the worker is done.</summary>
    internal static void Done(uint number, SystemResult result)
    {
        Board.Set(number, Board.Result, (ulong)result);
        Board.CountUp(number);
    }

    /// <summary>Writes what was received to the board.</summary>
    internal static void Note(uint number, SystemResult result, in Message message)
    {
        Board.Set(number, Board.Badge, message.Badge);
        Board.Set(number, Board.Header, message.Header.Raw);
        Board.Set(number, Board.Word0, message.Word0);
        Board.Set(number, Board.Word0 + 1, message.Word1);
        Board.Set(number, Board.Word0 + 2, message.Word2);
        Board.Set(number, Board.Word0 + 3, message.Word3);
        Done(number, result);
    }
}
