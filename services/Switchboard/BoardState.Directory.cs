using Atoll.Abi;
using Atoll.Services.Protocols;

namespace Atoll.Services.Switchboard;

/// <content>What is heard from the directory, and said to it. What is owed to it is a stage of a record: nothing overflows, and a full ring only delays.</content>
public partial struct BoardState
{
    /// <summary>The directory can be talked to; it knows nobody here.</summary>
    public void Join()
    {
        IsJoined = true;
        for (int index = 0; index < DirectoryLimits.Listeners; index++)
        {
            _listeners[index].OwesWord = _listeners[index].Stage == ListenerStage.Live;
        }
    }

    /// <summary>The directory is gone: who has called is told, and what was on its way to servers does not come.</summary>
    public void Part<[AllowLinear] TBoard>(ref TBoard board)
        where TBoard : struct, IBoard
    {
        IsJoined = false;
        for (int index = 0; index < DirectoryLimits.Calls; index++)
        {
            if (_calls[index].Stage != CallStage.Free)
            {
                Hang(ref board, (uint)index, ConnectAnswer.Unavailable);
            }
        }

        for (int index = 0; index < DirectoryLimits.Arrivals; index++)
        {
            if (_arrivals[index].Stage == ArrivalStage.Made)
            {
                Cancel(ref board, index);
            }

            _arrivals[index].Stage = ArrivalStage.Free;
        }

        for (int index = 0; index < DirectoryLimits.Listeners; index++)
        {
            ref Listener listener = ref _listeners[index];
            listener.OwesWord = false;
            listener.Stage = listener.Stage == ListenerStage.Closing ? ListenerStage.Free : listener.Stage;
        }
    }

    /// <summary>The directory says something.</summary>
    public void Hear<[AllowLinear] TBoard>(ref TBoard board, ref readonly RingMessage message)
        where TBoard : struct, IBoard
    {
        switch ((DirectoryOrder)message.Meta)
        {
            case DirectoryOrder.Route when IsCall(message.Payload.Word0, CallStage.Asked):
                Route(ref board, (uint)message.Payload.Word0, message.Payload.Word1, (uint)message.Payload.Word2);
                break;
            case DirectoryOrder.Arrive:
                Arrive(ref board, in message);
                break;
            case DirectoryOrder.Cancel:
                Cancel(ref board, message.Payload.Word0, message.Payload.Word1);
                break;
            case DirectoryOrder.Answer when message.Payload.Word0 < DirectoryLimits.Calls:
                Hang(ref board, (uint)message.Payload.Word0, (ConnectAnswer)message.Payload.Word1);
                break;
        }
    }

    /// <summary>The next that is to be said. It counts as said: who cannot say it keeps it.</summary>
    /// <returns>False: there is nothing.</returns>
    public bool TrySay(out RingMessage message)
    {
        message = default;
        if (!IsJoined)
        {
            return false;
        }

        for (int index = 0; index < DirectoryLimits.Listeners; index++)
        {
            if (_listeners[index].OwesWord)
            {
                message = SayOf(ref _listeners[index]);
                return true;
            }
        }

        for (int index = 0; index < DirectoryLimits.Calls; index++)
        {
            if (_calls[index].Stage is CallStage.ToAsk or CallStage.ToFail)
            {
                message = SayOf(index, ref _calls[index]);
                return true;
            }
        }

        for (int index = 0; index < DirectoryLimits.Arrivals; index++)
        {
            ref Arrival arrival = ref _arrivals[index];
            if (arrival.Stage == ArrivalStage.ToTell)
            {
                arrival.Stage = ArrivalStage.Free;
                DirectoryRequest request = arrival.Answer == ConnectAnswer.Done ? DirectoryRequest.Given : DirectoryRequest.Refused;
                message = DirectoryMessages.Of((uint)request, arrival.Ticket, arrival.Connection, (ulong)arrival.Answer);
                return true;
            }
        }

        return false;
    }

    private static RingMessage SayOf(ref Listener listener)
    {
        listener.OwesWord = false;
        if (listener.Stage == ListenerStage.Live)
        {
            return DirectoryMessages.Of(DirectoryRequest.Announce, listener.Word, listener.Key, in listener.Name, badge: 0);
        }

        listener.Stage = ListenerStage.Free;
        return DirectoryMessages.Of((uint)DirectoryRequest.Withdraw, listener.Word);
    }

    private static RingMessage SayOf(int index, ref Call call)
    {
        if (call.Stage == CallStage.ToAsk)
        {
            call.Stage = CallStage.Asked;
            return DirectoryMessages.Of(DirectoryRequest.Connect, (uint)index | ((ulong)call.Core << 32), call.Key, in call.Name, call.Badge);
        }

        call.Stage = CallStage.Failed;
        return DirectoryMessages.Of((uint)DirectoryRequest.Fail, (uint)index, call.Connection);
    }

    private readonly bool IsCall(ulong call, CallStage stage) => call < DirectoryLimits.Calls && _calls[(int)call].Stage == stage;

    private void Route<[AllowLinear] TBoard>(ref TBoard board, uint index, ulong connection, uint core)
        where TBoard : struct, IBoard
    {
        ref Call call = ref _calls[(int)index];
        call.Connection = connection;
        call.Stage = board.TryMake(index, core, connection) ? CallStage.Made : CallStage.ToFail;
    }

    // The end goes to who has called, or it goes.
    private void Hang<[AllowLinear] TBoard>(ref TBoard board, uint index, ConnectAnswer answer)
        where TBoard : struct, IBoard
    {
        ref Call call = ref _calls[(int)index];
        bool isMade = call.Stage == CallStage.Made;
        bool isUsed = call.Stage != CallStage.Free;
        if (isMade && answer != ConnectAnswer.Done)
        {
            board.Drop(index);
        }
        else if (isMade)
        {
            _ends.Add(call.Badge, board.NumberOf(index), call.Connection);
        }

        call.Stage = CallStage.Free;
        if (isUsed)
        {
            board.AnswerCaller(index, answer == ConnectAnswer.Done && !isMade ? ConnectAnswer.Unavailable : answer);
        }
    }

    private void Arrive<[AllowLinear] TBoard>(ref TBoard board, ref readonly RingMessage message)
        where TBoard : struct, IBoard
    {
        int index = 0;
        while (_arrivals[index].Stage != ArrivalStage.Free)
        {
            // The directory counts: it never sends so many.
            if (++index == DirectoryLimits.Arrivals)
            {
                return;
            }
        }

        _arrivals[index] = new Arrival
        {
            Ticket = message.Payload.Word0,
            Connection = message.Payload.Word1,
            Listener = message.Payload.Word2,
            Core = (uint)message.Payload.Word3,
            Badge = message.Payload.Word4,
        };
        ConnectAnswer can = !IsListening(_arrivals[index].Listener, out int at) ? ConnectAnswer.ServerGone
            : _listeners[at].Room == 0 ? ConnectAnswer.NoRoom
            : board.TryMake(PlaceOf(index), _arrivals[index].Core, _arrivals[index].Connection) ? ConnectAnswer.Done
            : ConnectAnswer.NoEnds;
        if (can != ConnectAnswer.Done)
        {
            Tell(index, can);
            return;
        }

        _listeners[at].Room--;
        _arrivals[index].Stage = ArrivalStage.Made;
    }

    // One that the server has been given already is the server's: its other end is gone, which the kernel tells.
    private void Cancel<[AllowLinear] TBoard>(ref TBoard board, ulong ticket, ulong connection)
        where TBoard : struct, IBoard
    {
        for (int index = 0; index < DirectoryLimits.Arrivals; index++)
        {
            if (_arrivals[index].Stage != ArrivalStage.Free && _arrivals[index].Ticket == ticket && _arrivals[index].Connection == connection)
            {
                if (_arrivals[index].Stage == ArrivalStage.Made)
                {
                    Cancel(ref board, index);
                }

                _arrivals[index].Stage = ArrivalStage.Free;
            }
        }
    }

    private void Cancel<[AllowLinear] TBoard>(ref TBoard board, int index)
        where TBoard : struct, IBoard
    {
        board.Drop(PlaceOf(index));
        if (IsListening(_arrivals[index].Listener, out int at))
        {
            _listeners[at].Room++;
        }
    }
}
