using System;
using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;

namespace Atoll.Services.Iperf;

/// <summary>The server's end of iperf3: counts what clients send by TCP, one test at a time.</summary>
/// <remarks>
/// The first connection carries states (<see cref="TestState"/>) and two texts each way. Unlike iperf3's own server this one waits with its result until as many bytes have come as the
/// client says that it has sent, so both counts are the same when nothing was lost. A client that says nothing for half a minute is given up, and the next one is served.
/// </remarks>
[NonCopyable]
internal struct IperfServer : ISocketServer
{
    private const ushort Port = 5201;
    private const ushort Backlog = 16;
    private const ulong SecondsMax = 30;
    private const ulong Look = 1_000_000;
    private const ulong MillisecondsPerSecond = 1000;

    // An option that is not implemented. Source: iperf 3.12, src/iperf_api.h, IEUNIMP.
    private const byte NotServed = 13;

    private readonly MemoryRegion _store;
    private readonly ulong _second;
    private Socket _listener;
    private Socket _control;
    private TestPhase _phase;
    private TestOrder _order;
    private TestStreams _streams;
    private ulong _expected;
    private ulong _heard;
    private ulong _began;
    private ulong _ended;
    private int _have;

    internal IperfServer(MemoryRegion store, ulong second)
    {
        _store = store;
        _second = second;
        _listener = default;
        _control = default;
        _phase = TestPhase.None;
        _order = default;
        _streams = default;
        _expected = 0;
        _heard = 0;
        _began = 0;
        _ended = 0;
        _have = 0;
    }

    /// <inheritdoc/>
    public readonly ulong Patience => _phase == TestPhase.None ? ulong.MaxValue : Look;

    /// <inheritdoc/>
    public SocketResult Begin(ref SocketLibrary sockets)
    {
        _phase = TestPhase.None;
        _streams = default;
        return sockets.Listen(Port, Backlog, out _listener);
    }

    /// <inheritdoc/>
    public void GoOn(ref SocketLibrary sockets)
    {
        bool isOver = _phase != TestPhase.None && Ipc.Now() - _heard > SecondsMax * _second;
        if (_phase == TestPhase.Counting && (isOver || _streams.Bytes >= _expected))
        {
            Answer(ref sockets);
        }
        else if (isOver)
        {
            End(ref sockets);
        }
    }

    /// <inheritdoc/>
    public void Serve(ref SocketLibrary sockets, Socket socket)
    {
        if (socket.Is(_listener))
        {
            AcceptAll(ref sockets);
        }
        else if (_phase != TestPhase.None && socket.Is(_control))
        {
            _heard = Ipc.Now();
            Converse(ref sockets);
        }
        else if (_streams.Find(socket) is int index && index < _streams.Count)
        {
            _heard = Ipc.Now();
            Carry(ref sockets, index);
        }
    }

    private void AcceptAll(ref SocketLibrary sockets)
    {
        while (sockets.Accept(_listener, out Socket connection, out _) == SocketResult.Done)
        {
            // The end of the last test may have come at the same time.
            Converse(ref sockets);
            if (_phase == TestPhase.None)
            {
                _control = connection;
                _have = 0;
                _heard = Ipc.Now();
                _phase = TestPhase.Cookie;
                Converse(ref sockets);
            }
            else if (_phase == TestPhase.Streams && _streams.Count < (int)_order.Streams)
            {
                _streams.Add(connection);
                Carry(ref sockets, _streams.Count - 1);
            }
            else
            {
                Refuse(ref sockets, connection);
            }
        }
    }

    private void Refuse(ref SocketLibrary sockets, Socket connection)
    {
        Span<byte> data = IperfMemory.Data(_store);
        data[0] = TestState.AccessDenied;
        bool isTold = sockets.Send(connection, data.Slice(0, 1), out _) == SocketResult.Done;
        _ = isTold ? sockets.Close(connection) : sockets.Abort(connection);
    }

    // One step after the other, until the client has more to say.
    private void Converse(ref SocketLibrary sockets)
    {
        SocketResult result = SocketResult.Done;
        while (result == SocketResult.Done && _phase is not (TestPhase.None or TestPhase.Counting))
        {
            result = Gather(ref sockets, Wanted());
            if (result == SocketResult.Done && _have == Wanted())
            {
                Take(ref sockets);
            }
        }

        // Of a client whose bytes are still counted nothing is read; its end is seen when it is answered.
        if (result is not (SocketResult.Done or SocketResult.WouldBlock))
        {
            End(ref sockets);
        }
    }

    // How many bytes make the next thing that the client says. A text says its length first.
    private readonly int Wanted()
    {
        if (_phase == TestPhase.Cookie)
        {
            return IperfMemory.CookieBytes;
        }

        if (_phase is not (TestPhase.Order or TestPhase.Results))
        {
            return 1;
        }

        return _have < IperfMemory.LengthBytes ? IperfMemory.LengthBytes : IperfMemory.LengthBytes + (int)TextLength();
    }

    private readonly uint TextLength()
    {
        ReadOnlySpan<byte> message = IperfMemory.Message(_store);
        uint length = ((uint)message[0] << 24) | ((uint)message[1] << 16) | ((uint)message[2] << 8) | message[3];
        return length <= IperfMemory.TextBytesMax ? length : 0;
    }

    private SocketResult Gather(ref SocketLibrary sockets, int wanted)
    {
        if (_have == wanted)
        {
            return SocketResult.Done;
        }

        SocketResult result = sockets.Receive(_control, IperfMemory.Message(_store).Slice(_have, wanted - _have), out int received);
        _have += result == SocketResult.Done ? received : 0;
        return result;
    }

    private void Take(ref SocketLibrary sockets)
    {
        ReadOnlySpan<byte> message = IperfMemory.Message(_store);
        ReadOnlySpan<byte> text = _have > IperfMemory.LengthBytes ? message.Slice(IperfMemory.LengthBytes, _have - IperfMemory.LengthBytes) : default;
        _have = 0;
        switch (_phase)
        {
            case TestPhase.Cookie:
                message.Slice(0, IperfMemory.CookieBytes).CopyTo(IperfMemory.Cookie(_store));
                Tell(ref sockets, TestState.ExchangeParameters, TestPhase.Order);
                break;
            case TestPhase.Order or TestPhase.Results when text.Length == 0:
                // A length that no text has.
                End(ref sockets);
                break;
            case TestPhase.Order:
                TakeOrder(ref sockets, text);
                break;
            case TestPhase.Results:
                _expected = JsonFields.Sum(text, "bytes"u8);
                _phase = TestPhase.Counting;
                break;
            default:
                TakeState(ref sockets, message[0]);
                break;
        }
    }

    private void TakeOrder(ref SocketLibrary sockets, ReadOnlySpan<byte> text)
    {
        if (TestOrder.TryRead(text, out _order))
        {
            _streams = default;
            Tell(ref sockets, TestState.CreateStreams, TestPhase.Streams);
            return;
        }

        Span<byte> error = IperfMemory.Data(_store).Slice(0, 1 + (2 * IperfMemory.LengthBytes));
        error.Clear();
        error[0] = TestState.ServerError;
        error[IperfMemory.LengthBytes] = NotServed;
        if (sockets.Send(_control, error, out _) != SocketResult.Done)
        {
            _ = sockets.Abort(_control);
        }

        End(ref sockets);
    }

    private void TakeState(ref SocketLibrary sockets, byte state)
    {
        if (state == TestState.End && _phase == TestPhase.Running)
        {
            _ended = Ipc.Now();
            Tell(ref sockets, TestState.ExchangeResults, TestPhase.Results);
        }
        else
        {
            // Done; or it gives up, or says what makes no sense now.
            End(ref sockets);
        }
    }

    private void Tell(ref SocketLibrary sockets, byte state, TestPhase phase)
    {
        Span<byte> data = IperfMemory.Data(_store);
        data[0] = state;
        _phase = phase;
        if (sockets.Send(_control, data.Slice(0, 1), out _) != SocketResult.Done)
        {
            End(ref sockets);
        }
    }

    // Bytes of a stream: first those by which it is known.
    private void Carry(ref SocketLibrary sockets, int index)
    {
        ref TestStream stream = ref TestStreams.At(ref _streams, index);
        SocketResult result = SocketResult.Done;
        while (result == SocketResult.Done && stream.Known < IperfMemory.CookieBytes)
        {
            result = Know(ref sockets, ref stream);
            if (stream.IsForeign)
            {
                Refuse(ref sockets, stream.Socket);
                _streams.Remove(index);
                return;
            }

            if (result == SocketResult.Done && stream.Known == IperfMemory.CookieBytes)
            {
                StartWhenAllAreKnown(ref sockets);
            }
        }

        Move(ref sockets, ref stream, result);
    }

    private readonly SocketResult Know(ref SocketLibrary sockets, ref TestStream stream)
    {
        Span<byte> data = IperfMemory.Data(_store).Slice(0, IperfMemory.CookieBytes - stream.Known);
        SocketResult result = sockets.Receive(stream.Socket, data, out int received);
        stream.IsForeign = result is not (SocketResult.Done or SocketResult.WouldBlock);
        ReadOnlySpan<byte> cookie = IperfMemory.Cookie(_store);
        for (int at = 0; result == SocketResult.Done && at < received; at++)
        {
            stream.IsForeign |= data[at] != cookie[stream.Known + at];
        }

        stream.Known += result == SocketResult.Done ? received : 0;
        return result;
    }

    private void StartWhenAllAreKnown(ref SocketLibrary sockets)
    {
        int known = 0;
        for (int index = 0; index < _streams.Count; index++)
        {
            known += TestStreams.At(ref _streams, index).Known == IperfMemory.CookieBytes ? 1 : 0;
        }

        if (_phase == TestPhase.Streams && known == (int)_order.Streams)
        {
            _began = Ipc.Now();
            Tell(ref sockets, TestState.Start, TestPhase.Running);
            Tell(ref sockets, TestState.Running, TestPhase.Running);
        }
    }

    private readonly void Move(ref SocketLibrary sockets, ref TestStream stream, SocketResult result)
    {
        Span<byte> data = IperfMemory.Data(_store);
        while (result == SocketResult.Done && (_phase is TestPhase.Running or TestPhase.Results or TestPhase.Counting))
        {
            result = sockets.Receive(stream.Socket, data, out int received);
            stream.Bytes += result == SocketResult.Done ? (ulong)received : 0;
        }

        stream.HasEnded |= result is not (SocketResult.Done or SocketResult.WouldBlock);
    }

    // What was counted, and that all is said.
    private void Answer(ref SocketLibrary sockets)
    {
        Span<byte> message = IperfMemory.Message(_store);
        ulong ticks = _second / MillisecondsPerSecond;
        ulong milliseconds = ticks == 0 ? 0 : (_ended - _began) / ticks;
        int length = TestReport.Write(message.Slice(IperfMemory.LengthBytes, IperfMemory.TextBytesMax), ref _streams, milliseconds);
        for (int at = 0; at < IperfMemory.LengthBytes; at++)
        {
            message[at] = (byte)(length >> (8 * (IperfMemory.LengthBytes - 1 - at)));
        }

        int whole = IperfMemory.LengthBytes + length;
        _have = 0;
        _phase = TestPhase.Display;
        if (sockets.Send(_control, message.Slice(0, whole), out int sent) != SocketResult.Done || sent != whole)
        {
            End(ref sockets);
            return;
        }

        Tell(ref sockets, TestState.DisplayResults, TestPhase.Display);
        Converse(ref sockets);
    }

    private void End(ref SocketLibrary sockets)
    {
        for (int index = 0; index < _streams.Count; index++)
        {
            _ = sockets.Close(TestStreams.At(ref _streams, index).Socket);
        }

        _ = sockets.Close(_control);
        _streams = default;
        _phase = TestPhase.None;
    }
}
