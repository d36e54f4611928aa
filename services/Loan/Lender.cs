using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Loan;

/// <summary>Lends a page and a bell to programs of other cores, and takes the page back.</summary>
[NonCopyable]
internal struct Lender
{
    /// <summary>Most borrowers: of all cores but the first.</summary>
    internal const int BorrowersMax = LoanProgram.CoresMax - 1;

    private const uint Place = 0;
    private const ulong BellBadge = 1;
    private const ulong CallBadge = 9;
    private const uint StorePlace = 1;
    private const int RoundsOfControl = 5;
    private const ulong RoundsOfMoves = 6;
    private const ulong WhilesApart = 10;
    private const ulong WhilesPerSecond = 20_000;

    /// <summary>The channels.</summary>
    internal LoanLines Lines;

    /// <summary>Capabilities that were given.</summary>
    internal ulong Given;

    /// <summary>Pages that borrowers have read and written.</summary>
    internal ulong Used;

    /// <summary>Revokes that were answered.</summary>
    internal ulong Revoked;

    /// <summary>Whatever went otherwise than it should.</summary>
    internal ulong Wrong;

    /// <summary>Capabilities that borrowers say they have taken in the storm.</summary>
    internal ulong TakenInStorm;

    /// <summary>Pages that borrowers have used and given on from core to core.</summary>
    internal ulong UsedInChains;

    /// <summary>Revokes by a borrower of what it gave on.</summary>
    internal ulong RevokedInChains;

    /// <summary>Calls of borrowers that were answered.</summary>
    internal ulong Answered;

    /// <summary>Calls that were refused, because the endpoint was taken back.</summary>
    internal ulong RefusedCalls;

    /// <summary>How often a borrower's thread was stopped and went on, as this program asked.</summary>
    internal ulong Stopped;

    /// <summary>Threads that were asked in vain, because their borrower had taken them back.</summary>
    internal ulong RefusedThreads;

    /// <summary>Untyped memory that was moved to a borrower, of which it made pages of zeros.</summary>
    internal ulong Moved;

    /// <summary>How often it was taken back with all that was made of it, or had been given up before.</summary>
    internal ulong MovedBack;

    /// <summary>How many borrowers there are.</summary>
    internal int Borrowers;

    private uint _space;
    private ulong _bell;
    private RegisterPage _memory;

    /// <summary>Lends in rounds, each borrower in each; then gives and takes back as fast as it can.</summary>
    internal void Run(in ProgramStart start, ref SlotRow row, ulong rounds)
    {
        OwnSlot page = row.Take();
        OwnSlot bell = row.Take();
        OwnSlot badged = row.Take();
        _space = start.Find("space"u8);
        bool isMade = page.Make(new UntypedMemory(start.Find("page"u8)), CapabilityType.Frame, ObjectSize.FrameBits) == SystemResult.Ok
            && bell.Make(new UntypedMemory(start.Find("own"u8)), CapabilityType.Notification) == SystemResult.Ok
            && badged.Mint(in bell, CapabilityRights.Write, BellBadge) == SystemResult.Ok
            && RegisterPage.Map(new MemoryFrame(page.Address), _space, Place, out _memory) == SystemResult.Ok;
        if (!isMade)
        {
            ProgramExit.End(LoanProgram.NotMade);
        }

        _bell = bell.Address;
        for (ulong round = 0; round < rounds; round++)
        {
            Lend(in page, in badged, round);
        }

        for (ulong round = 0; round < rounds; round++)
        {
            Chain(in page, round);
        }

        Serve(in start, ref row, rounds);
        Control(in page, ref row, start.TscHz);
        Move(in start, ref row);
        for (int borrower = 0; borrower < Borrowers; borrower++)
        {
            Lines[borrower].Send(LoanMessage.Storm);
        }

        for (ulong round = 0; round < rounds; round++)
        {
            Storm(in page, round, start.TscHz);
        }

        for (int borrower = 0; borrower < Borrowers; borrower++)
        {
            Lines[borrower].Send(LoanMessage.Calm);
            TakenInStorm += Lines[borrower].Expect(LoanMessage.Counted).Payload.Word0;
        }

        page.Free();
        bell.Free();
        badged.Free();
    }

    private void Lend(ref readonly OwnSlot page, ref readonly OwnSlot bell, ulong round)
    {
        uint pattern = LoanMessage.PatternOf(round);
        _memory.Write32(0, pattern);
        for (int borrower = 0; borrower < Borrowers; borrower++)
        {
            Give(borrower, page.Address, CapabilityRights.Read | CapabilityRights.Write);
            Give(borrower, bell.Address, CapabilityRights.Write);
            Lines[borrower].Send(LoanMessage.Lent, round);
        }

        for (int borrower = 0; borrower < Borrowers; borrower++)
        {
            RingMessage used = Lines[borrower].Expect(LoanMessage.Used);
            uint core = (uint)borrower + 1;
            bool isRight = used.Payload.Word0 == pattern && used.Payload.Word1 == 1 && _memory.Read32(core * sizeof(uint)) == pattern + core;
            Used += isRight ? 1UL : 0;
            Wrong += isRight ? 0UL : 1;
        }

        // All have rung, and a bit that is set twice is set.
        Wrong += Ipc.Wait(_bell) == SystemResult.Ok ? 0UL : 1;
        TakeBack(in page);
        for (int borrower = 0; borrower < Borrowers; borrower++)
        {
            Lines[borrower].Send(LoanMessage.TakenBack);
            Wrong += Lines[borrower].Expect(LoanMessage.Looked).Payload.Word0;
        }
    }

    // From the lender to the first borrower, and from each to the next. Then the first takes back what it gave on, in every other round; then the lender takes it back from all.
    private void Chain(ref readonly OwnSlot page, ulong round)
    {
        uint pattern = LoanMessage.PatternOf(round);
        _memory.Write32(0, pattern);
        Give(0, page.Address, CapabilityRights.Read | CapabilityRights.Write);
        for (int borrower = 0; borrower < Borrowers; borrower++)
        {
            Lines[borrower].Send(LoanMessage.Chain, round);
        }

        for (int borrower = 0; borrower < Borrowers; borrower++)
        {
            RingMessage used = Lines[borrower].Expect(LoanMessage.Used);
            uint core = (uint)borrower + 1;
            bool isRight = used.Payload.Word0 == pattern && used.Payload.Word1 == 1 && _memory.Read32(core * sizeof(uint)) == pattern + core;
            UsedInChains += isRight ? 1UL : 0;
            Wrong += isRight ? 0UL : 1;
        }

        int first = 0;
        if (round % 2 == 1)
        {
            first = 1;
            Lines[0].Send(LoanMessage.TakeBack);
            bool isBack = Lines[0].Expect(LoanMessage.Looked).Payload.Word0 == 0;
            RevokedInChains += isBack ? 1UL : 0;
            Wrong += isBack ? 0UL : 1;
        }
        else
        {
            TakeBack(in page);
        }

        for (int borrower = first; borrower < Borrowers; borrower++)
        {
            Lines[borrower].Send(LoanMessage.TakenBack);
            Wrong += Lines[borrower].Expect(LoanMessage.Looked).Payload.Word0;
        }

        if (first != 0)
        {
            TakeBack(in page);
            Lines[0].Send(LoanMessage.TakenBack);
            Wrong += Lines[0].Expect(LoanMessage.Looked).Payload.Word0;
        }
    }

    // All call at the same time; then the endpoint is taken back, which waits for nobody, and who calls once more is refused.
    private void Serve(in ProgramStart start, ref SlotRow row, ulong rounds)
    {
        OwnSlot endpoint = row.Take();
        OwnSlot badged = row.Take();
        OwnSlot reply = row.Take();
        bool isMade = endpoint.Make(new UntypedMemory(start.Find("own"u8)), CapabilityType.Endpoint) == SystemResult.Ok
            && reply.Make(new UntypedMemory(start.Find("own"u8)), CapabilityType.Reply) == SystemResult.Ok
            && badged.Mint(in endpoint, CapabilityRights.Write | CapabilityRights.GrantReply, CallBadge) == SystemResult.Ok;
        if (!isMade)
        {
            ProgramExit.End(LoanProgram.NotMade);
        }

        for (int borrower = 0; borrower < Borrowers; borrower++)
        {
            Give(borrower, badged.Address, CapabilityRights.Write | CapabilityRights.GrantReply);
            Lines[borrower].Send(LoanMessage.Call, rounds);
        }

        Answer(in endpoint, in reply, rounds * (ulong)Borrowers);
        for (int borrower = 0; borrower < Borrowers; borrower++)
        {
            Wrong += Lines[borrower].Expect(LoanMessage.Called).Payload.Word0 == rounds ? 0UL : 1;
        }

        TakeBack(in badged);
        for (int borrower = 0; borrower < Borrowers; borrower++)
        {
            Lines[borrower].Send(LoanMessage.CallAgain);
            bool isRefused = Lines[borrower].Expect(LoanMessage.Called).Payload.Word0 == 0;
            RefusedCalls += isRefused ? 1UL : 0;
            Wrong += isRefused ? 0UL : 1;
        }

        badged.Free();
        endpoint.Free();
        reply.Free();
    }

    // One after the other counts on the page while its thread is stopped and let go on from here. Then it takes its thread back.
    private void Control(ref readonly OwnSlot page, ref SlotRow row, ulong tscHz)
    {
        OwnSlot thread = row.Take();
        for (int borrower = 0; borrower < Borrowers; borrower++)
        {
            _memory.Write32(0, 0);
            Give(borrower, page.Address, CapabilityRights.Read | CapabilityRights.Write);
            Lines[borrower].Send(LoanMessage.CountUp);
            Wrong += Lines[borrower].Channel.Accept(ref thread) == ChannelResult.Done ? 0UL : 1;
            CountingThread counting = new(new ThreadControl(thread.Address), _memory, ((uint)borrower + 1) * sizeof(uint), tscHz);
            for (int round = 0; round < RoundsOfControl; round++)
            {
                bool isRight = counting.Stops() && counting.GoesOn();
                Stopped += isRight ? 1UL : 0;
                Wrong += isRight ? 0UL : 1;
            }

            _memory.Write32(0, LoanMessage.StopCounting);
            bool isRefused = Lines[borrower].Expect(LoanMessage.CountedUp).Payload.Word0 == 1 && counting.IsGone();
            RefusedThreads += isRefused ? 1UL : 0;
            Wrong += isRefused ? 0UL : 1;
            thread.Clear();
            TakeBack(in page);
        }

        thread.Free();
    }

    // From borrower to borrower, each of which writes to it: nobody reads what another wrote, nor does this program afterwards. In every other round it is given up before it is taken back.
    private void Move(in ProgramStart start, ref SlotRow row)
    {
        OwnSlot store = row.Take();
        _ = store.Keep(start.Find("store"u8));
        for (ulong round = 0; round < RoundsOfMoves; round++)
        {
            for (int borrower = 0; borrower < Borrowers; borrower++)
            {
                bool isGiven = Lines[borrower].Channel.Move(new UntypedMemory(store.Address)) == ChannelResult.Done;
                Lines[borrower].Send(LoanMessage.Store, LoanMessage.PatternOf(round));
                RingMessage stored = Lines[borrower].Expect(LoanMessage.Stored);
                bool isClean = isGiven && stored.Payload.Word0 == 0 && stored.Payload.Word1 == 2;
                Moved += isClean ? 1UL : 0;
                if (round % 2 == 1)
                {
                    Lines[borrower].Send(LoanMessage.GiveUp);
                    _ = Lines[borrower].Expect(LoanMessage.Looked);
                }

                bool isBack = store.Revoke() == SystemResult.Ok;
                Lines[borrower].Send(LoanMessage.StoreTakenBack);
                isBack &= Lines[borrower].Expect(LoanMessage.Looked).Payload.Word0 == 0;
                MovedBack += isBack ? 1UL : 0;
                Wrong += isClean && isBack ? 0UL : 1;
            }
        }

        OwnSlot frame = row.Take();
        UntypedMemory memory = new(store.Address);
        bool isMade = memory.Reset() == SystemResult.Ok && frame.Make(memory, CapabilityType.Frame, ObjectSize.FrameBits) == SystemResult.Ok
            && RegisterPage.Map(new MemoryFrame(frame.Address), _space, StorePlace, out RegisterPage page) == SystemResult.Ok && page.Read32(0) == 0;
        Wrong += isMade ? 0UL : 1;
        frame.Free();
        store.Leave();
    }

    private void Answer(ref readonly OwnSlot endpoint, ref readonly OwnSlot reply, ulong calls)
    {
        SystemResult received = Ipc.Receive(endpoint.Address, reply.Address, out Message message);
        while (received == SystemResult.Ok)
        {
            if (message.Header.IsSignal)
            {
                // A borrower has sent what is read later: its channel rings this thread wherever it waits.
                received = Ipc.Receive(endpoint.Address, reply.Address, out message);
                continue;
            }

            ulong core = message.Word0;
            bool isRight = message.Header.Label == LoanMessage.CallLabel && message.Header.Words == 3 && message.Badge == CallBadge
                && message.Word2 == ~message.Word1;
            Answered += isRight ? 1UL : 0;
            Wrong += isRight ? 0UL : 1;
            message = Message.Of(LoanMessage.CallLabel, words: 1, LoanMessage.AnswerTo(core, message.Word1));
            calls--;
            if (calls == 0)
            {
                Wrong += Ipc.Send(reply.Address, ref message) == SystemResult.Ok ? 0UL : 1;
                return;
            }

            received = Ipc.ReplyReceive(endpoint.Address, reply.Address, ref message);
        }

        Wrong++;
    }

    // Nobody's answer is waited for: the page is given to all, and taken back after a while that is longer from round to round, whether they have it or not.
    private void Storm(ref readonly OwnSlot page, ulong round, ulong tscHz)
    {
        for (int borrower = 0; borrower < Borrowers; borrower++)
        {
            Give(borrower, page.Address, CapabilityRights.Read | CapabilityRights.Write);
        }

        ulong deadline = Ipc.Now() + (round % WhilesApart * tscHz / WhilesPerSecond);
        while (Ipc.Receive(Lines[0].Channel.Notification, 0, out _, Deadline.Flags(deadline), deadline) == SystemResult.Ok)
        {
            // A borrower has taken one. The others may be about to.
        }

        TakeBack(in page);
    }

    private void Give(int borrower, ulong capability, CapabilityRights rights)
    {
        ChannelResult given = Lines[borrower].Channel.Grant(capability, rights);
        while (given == ChannelResult.WouldBlock)
        {
            _ = Ipc.Wait(Lines[borrower].Channel.Notification);
            given = Lines[borrower].Channel.Grant(capability, rights);
        }

        Given += given == ChannelResult.Done ? 1UL : 0;
        Wrong += given == ChannelResult.Done ? 0UL : 1;
    }

    private void TakeBack(ref readonly OwnSlot page)
    {
        bool isBack = page.Revoke() == SystemResult.Ok;
        Revoked += isBack ? 1UL : 0;
        Wrong += isBack ? 0UL : 1;
    }

    /// <summary>A line for each borrower.</summary>
    [NonCopyable]
    [InlineArray(BorrowersMax)]
    internal struct LoanLines
    {
        private LoanLine _line0;
    }
}
