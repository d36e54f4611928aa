using System;

namespace Atoll.Services.Http.Engine;

/// <summary>What a server knows besides its pools.</summary>
public struct HttpState
{
    /// <summary>What it has counted.</summary>
    public HttpCounters Counters;

    /// <summary>How much and how long.</summary>
    public HttpSettings Settings;
}

/// <summary>
/// An HTTP/1.1 server at one moment: its state, its memory and the time. It is made anew for each call, from the same memory and a
/// later time.
/// </summary>
/// <remarks>
/// No clock, no I/O, no allocation. Whoever runs it opens a place for each connection, puts what comes into <see cref="Room"/>, says so by
/// <see cref="Received"/>, calls <see cref="Run"/>, and sends what is <see cref="Pending"/>. Source: RFC 9110, RFC 9112. One thread.
/// </remarks>
public readonly ref struct HttpServer
{
    /// <summary>Least bytes of a buffer: what a head of an answer and a piece of its content take.</summary>
    public const int BufferBytesMin = 4096;

    /// <summary>No place.</summary>
    public const int None = -1;

    /// <summary>What it knows.</summary>
    [Trusted(Safety = "Every constructor sets it. Of a default one it is null, and the state is smaller than what no program has mapped below 2 MiB: a fault.")]
    public readonly ref HttpState State;

    /// <summary>The memory that it works in.</summary>
    public readonly HttpPools Pools;

    /// <summary>The time of this call, microseconds. Never less than before.</summary>
    public readonly ulong Now;

    /// <summary>The server over this memory at this time. The memory is ready after <see cref="Begin"/>.</summary>
    public HttpServer(ref HttpState state, scoped in HttpPools pools, ulong now)
    {
        State = ref state;
        Pools = pools;
        Now = now;
    }

    /// <summary>Checks memory and settings, and starts without a connection.</summary>
    /// <returns>Ready; or what is wrong, and then nothing has changed.</returns>
    public HttpSetup Begin(in HttpSettings settings)
    {
        HttpSetup result = CheckSetup(settings);
        if (result == HttpSetup.Ready)
        {
            State = default;
            State.Settings = settings;
            Pools.Connections.Clear();
        }

        return result;
    }

    /// <summary>Takes a place for a new connection.</summary>
    /// <returns>Its index; <see cref="None"/>: all are taken. <see cref="TryFindIdle"/> may know one that can be closed.</returns>
    public int Open()
    {
        for (int index = 0; index < Pools.Connections.Length; index++)
        {
            ref HttpConnection connection = ref Pools.Connections[index];
            if (connection.Phase == ConnectionPhase.Free)
            {
                connection = default;
                RequestInput.Await(this, ref connection);
                State.Counters.Count(HttpEvent.ConnectionsOpened);
                return index;
            }
        }

        return None;
    }

    /// <summary>Finds the connection that has waited longest for a request, and owes its client nothing.</summary>
    public bool TryFindIdle(out int index)
    {
        index = None;
        ulong earliest = ulong.MaxValue;
        for (int candidate = 0; candidate < Pools.Connections.Length; candidate++)
        {
            ref HttpConnection connection = ref Pools.Connections[candidate];
            if (connection.Phase == ConnectionPhase.Head && connection.InputCount == 0 && connection.OutputCount == 0
                && connection.Deadline < earliest)
            {
                earliest = connection.Deadline;
                index = candidate;
            }
        }

        return index != None;
    }

    /// <summary>Refuses a connection for which there is no place: writes what to send before closing it.</summary>
    /// <returns>Length of the answer.</returns>
    public int Refuse(Span<byte> to)
    {
        ByteWriter writer = new(to);
        AnswerHead.WriteRefusal(this, ref writer, RequestFault.NoPlace);
        return writer.Length;
    }

    /// <summary>Gives a place back: its socket is closed, or about to be.</summary>
    public void Close(int index)
    {
        ref HttpConnection connection = ref Pools.Connections[index];
        if (connection.Phase != ConnectionPhase.Free)
        {
            connection = default;
            State.Counters.Count(HttpEvent.ConnectionsClosed);
        }
    }

    /// <summary>Where the next bytes from the peer go. Empty: not now.</summary>
    public Span<byte> Room(int index)
    {
        ref HttpConnection connection = ref Pools.Connections[index];
        Span<byte> input = Input(index);
        if (connection.InputStart != 0)
        {
            ReadOnlySpan<byte> left = input.Slice(connection.InputStart, connection.InputCount);
            left.CopyTo(input.Slice(0, left.Length));
            connection.InputStart = 0;
            connection.InputEnd = left.Length;
        }

        bool isReading = connection.Phase is not (ConnectionPhase.Free or ConnectionPhase.Over) && !connection.IsPeerDone;
        return input.Slice(connection.InputEnd, isReading ? input.Length - connection.InputEnd : 0);
    }

    /// <summary>Bytes have come into <see cref="Room"/>.</summary>
    /// <param name="index">The connection.</param>
    /// <param name="count">How many; not more than there was room.</param>
    public void Received(int index, int count)
    {
        ref HttpConnection connection = ref Pools.Connections[index];

        // More than there was room for is a mistake of the caller, which ends here.
        connection.InputEnd += Input(index).Slice(connection.InputEnd, count).Length;
        if (count != 0 && connection.Phase == ConnectionPhase.Head && connection.InputCount == count)
        {
            connection.Deadline = Now + State.Settings.HeadTime;
        }

        State.Counters.Add(HttpEvent.BytesReceived, count);
    }

    /// <summary>The peer will send nothing more. What it has asked is answered all the same.</summary>
    public void PeerEnded(int index) => Pools.Connections[index].IsPeerDone = true;

    /// <summary>Does what can be done: what is due, what has come, what there is room for.</summary>
    /// <param name="index">The connection.</param>
    /// <param name="application">Who answers.</param>
    public void Run<TApplication>(int index, ref TApplication application)
        where TApplication : struct, IHttpApplication
    {
        ref HttpConnection connection = ref Pools.Connections[index];
        ConnectionTimes.Apply(this, ref connection);
        bool hasMoved;
        do
        {
            hasMoved = connection.Phase switch
            {
                ConnectionPhase.Head => RequestInput.Step(this, index, ref application),
                ConnectionPhase.Content => ContentInput.Step(this, index, ref application),
                ConnectionPhase.Answer => AnswerOutput.Step(this, index, ref application),
                ConnectionPhase.Drain or ConnectionPhase.Linger => ConnectionEnd.Step(this, ref connection),
                _ => false,
            };
        }
        while (hasMoved);
    }

    /// <summary>Bytes that are to be sent now.</summary>
    public ReadOnlySpan<byte> Pending(int index)
    {
        ref HttpConnection connection = ref Pools.Connections[index];
        return Output(index).Slice(connection.OutputStart, connection.OutputCount);
    }

    /// <summary>The first bytes of <see cref="Pending"/> were taken. <see cref="Run"/> may now write more.</summary>
    public void Sent(int index, int count)
    {
        ref HttpConnection connection = ref Pools.Connections[index];
        connection.OutputStart += Pending(index).Slice(0, count).Length;
        connection.WindowBytes += (ulong)count;
        State.Counters.Add(HttpEvent.BytesSent, count);
    }

    /// <summary>Nothing more will be sent: the sending half may be shut down.</summary>
    public bool IsSendingOver(int index) => Pools.Connections[index].Phase is ConnectionPhase.Linger or ConnectionPhase.Over;

    /// <summary>The socket is to be closed, and the place given back.</summary>
    public bool IsOver(int index) => Pools.Connections[index].Phase == ConnectionPhase.Over;

    /// <summary>
    /// When <see cref="Run"/> has something to do for any connection, microseconds; <see cref="ulong.MaxValue"/>: not by itself.
    /// </summary>
    public ulong NextDeadline()
    {
        ulong next = ulong.MaxValue;
        for (int index = 0; index < Pools.Connections.Length; index++)
        {
            ref HttpConnection connection = ref Pools.Connections[index];
            bool isEarlier = connection.Phase is not (ConnectionPhase.Free or ConnectionPhase.Over) && connection.Deadline < next;
            next = isEarlier ? connection.Deadline : next;
        }

        return next;
    }

    internal Span<byte> Input(int index) => Pools.InputBytes.Slice(index * Pools.InputBytesEach, Pools.InputBytesEach);

    internal Span<byte> Output(int index) => Pools.OutputBytes.Slice(index * Pools.OutputBytesEach, Pools.OutputBytesEach);

    private HttpSetup CheckSetup(in HttpSettings settings)
    {
        if (Pools.InputBytesEach < BufferBytesMin || Pools.OutputBytesEach < BufferBytesMin)
        {
            return HttpSetup.BufferTooSmall;
        }

        long count = Pools.Connections.Length;
        if (count == 0 || Pools.InputBytes.Length < count * Pools.InputBytesEach
            || Pools.OutputBytes.Length < count * Pools.OutputBytesEach)
        {
            return HttpSetup.PoolTooSmall;
        }

        // A target that is as long as allowed is refused for nothing else.
        const int requestLineRest = 64;
        if (settings.HeadBytesMax > Pools.InputBytesEach || settings.TargetBytesMax > settings.HeadBytesMax - requestLineRest
            || settings.TargetBytesMax < 1 || settings.FieldsMax < 1)
        {
            return HttpSetup.BadLimit;
        }

        return settings.IdleTime == 0 || settings.HeadTime == 0 || settings.WindowTime == 0 || settings.LingerTime == 0
            ? HttpSetup.BadTime
            : HttpSetup.Ready;
    }
}
