using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Calls a server of this or another core over a channel, and waits for nothing: the same call is made again, turn by turn, until its answer has come.</summary>
/// <remarks>
/// For programs that wait for something else. All channels of a thread signal one notification, and a wait for one hears of the others and tells nobody; so who waits for a stack, say, cannot
/// wait for an answer as well (<see cref="ChannelTransport"/>).
/// The first call sends the question and says <see cref="CallResult.Busy"/>, as does each until the answer is there; then one says what the answer says. A server that is itself too busy says the
/// same, and is asked anew by the next call. One question at a time: who wants to ask another before the answer begins anew. It is a view of a place in memory, since an answer is too large for the frames of a program that asks many.
/// </remarks>
public readonly struct ChannelInquiry : ITransport
{
    /// <summary>Bytes of a place.</summary>
    public const int SizeBytes = InquiryPlace.SizeBytes;

    private readonly MemoryRegion _memory;
    private readonly uint _place;

    /// <summary>One that was made.</summary>
    /// <param name="memory">Nobody else's.</param>
    /// <param name="place">Its place there.</param>
    public ChannelInquiry(MemoryRegion memory, uint place)
    {
        _memory = memory;
        _place = place;
    }

    /// <inheritdoc/>
    public Span<ulong> Words => ThreadBuffer.Words;

    private ref InquiryPlace State => ref _memory.Row<InquiryPlace>(_place);

    /// <summary>Makes one, over one of the ends that the system gives under a name. Its state lies in memory, which may be that of an earlier life.</summary>
    /// <param name="start">What the program finds.</param>
    /// <param name="name">Of a need of kind channel with a count.</param>
    /// <param name="end">Which, from 0.</param>
    /// <param name="memory">Nobody else's: <see cref="SizeBytes"/> for each place.</param>
    /// <param name="place">Its place there.</param>
    public static ChannelInquiry Of(in ProgramStart start, ReadOnlySpan<byte> name, uint end, MemoryRegion memory, uint place)
    {
        ChannelInquiry made = new(memory, place);
        made.State.Channel = RingChannel.Of(in start, name, end);
        made.State.IsAsked = false;
        return made;
    }

    /// <summary>Makes one, over the end that a grant gives.</summary>
    /// <param name="grant">Of kind channel; of none: there is nobody to ask.</param>
    /// <param name="memory">Nobody else's.</param>
    /// <param name="place">Its place there.</param>
    public static ChannelInquiry Of(ref readonly GrantRecord grant, MemoryRegion memory, uint place)
    {
        ChannelInquiry made = new(memory, place);
        made.State.Channel = RingChannel.Of(in grant);
        made.State.IsAsked = false;
        return made;
    }

    /// <summary>Gives up what was asked, and looks whether there is somebody to ask: nobody tells of a death, so this asks the kernel. After the end of a server it asks for the next.</summary>
    /// <returns>Whether a call can be made.</returns>
    public bool Begin()
    {
        State.IsAsked = false;
        if (!State.Channel.IsGiven)
        {
            return false;
        }

        if (State.Channel.IsOpen)
        {
            DropLate();
            State.Channel.Awake();
            if (State.Channel.TryReceive(out _) is ChannelResult.PeerDied or ChannelResult.PeerCorrupt && State.Channel.Reopen() != ChannelResult.Done)
            {
                return false;
            }
        }

        return State.Channel.TryOpen() == ChannelResult.Done;
    }

    /// <inheritdoc/>
    public CallResult Call(ulong method, uint words, out uint answered)
    {
        answered = 0;
        return State.IsAsked ? Take(out answered) : Ask(MessageHeader.Of(method, words));
    }

    private CallResult Ask(MessageHeader header)
    {
        State.Number = (State.Number + 1) & MessagePiece.NumberMask;
        State.Answer = default;
        Span<ulong> words = Words.Slice(0, (int)header.Words);
        for (uint index = 0; index < MessagePiece.Count(header.Words); index++)
        {
            RingMessage piece = MessagePiece.Of(index, State.Number, header, words);
            ChannelResult sent = State.Channel.TrySend(in piece);
            if (sent != ChannelResult.Done)
            {
                // A part of a question that is in the ring is dropped by the server when it finds the next.
                return Outcome(sent);
            }
        }

        State.Channel.EndTurn();
        State.IsAsked = true;
        return CallResult.Busy;
    }

    // As many pieces as a ring holds: whoever writes without end keeps nobody here.
    private CallResult Take(out uint answered)
    {
        answered = 0;
        bool hasDropped = false;
        ChannelResult came = ChannelResult.Done;
        for (uint left = ChannelPage.SlotCount; left != 0 && came == ChannelResult.Done; left--)
        {
            came = State.Channel.TryReceive(out RingMessage piece);
            bool isOurs = came == ChannelResult.Done && MessagePiece.NumberOf(in piece) == State.Number;
            hasDropped |= came == ChannelResult.Done && !isOurs;
            if (isOurs && State.Answer.TryEnd(in piece, WordBytes.Of(ref State.Words)))
            {
                return End(out answered);
            }
        }

        // The server may wait for the room of a late answer.
        if (hasDropped)
        {
            State.Channel.Ring();
        }

        return Outcome(came);
    }

    private CallResult End(out uint answered)
    {
        State.IsAsked = false;
        answered = 0;
        if (!State.Answer.IsGood)
        {
            return CallResult.AnswerInvalid;
        }

        answered = State.Answer.Header.Words;
        ReadOnlySpan<ulong> came = WordBytes.Of(ref State.Words);
        came.Slice(0, (int)answered).CopyTo(Words);
        return Refusals.Outcome(State.Answer.Header.Label);
    }

    // What came for a question that was given up. The server may wait for the room.
    private void DropLate()
    {
        bool any = false;
        for (uint left = ChannelPage.SlotCount; left != 0 && State.Channel.TryReceive(out _) == ChannelResult.Done; left--)
        {
            any = true;
        }

        if (any)
        {
            State.Channel.Ring();
        }
    }

    private CallResult Outcome(ChannelResult result)
    {
        State.IsAsked &= result is ChannelResult.Done or ChannelResult.WouldBlock;
        return result is ChannelResult.Done or ChannelResult.WouldBlock ? CallResult.Busy
            : result == ChannelResult.PeerCorrupt ? CallResult.AnswerInvalid
            : CallResult.PeerDied;
    }
}
