using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Loan;

/// <summary>Takes what a lender on another core gives, uses it, and looks whether it is gone when the lender has taken it back.</summary>
/// <param name="space">Slot of its address space.</param>
/// <param name="core">Its core.</param>
/// <param name="thread">Slot of its thread; 0: it may not give it away.</param>
internal readonly struct Borrower(uint space, uint core, uint thread)
{
    private const uint Place = 0;

    /// <summary>Serves until the lender is gone.</summary>
    internal void Run(ref LoanLine line, ref LoanChain chain, ref SlotRow row)
    {
        OwnSlot page = row.Take();
        OwnSlot bell = row.Take();
        OwnSlot self = row.Take();
        _ = self.Keep(thread);
        MovedStore store = default;
        store.Begin(ref row);
        while (line.Channel.Wait() == ChannelResult.Done)
        {
            RingMessage message = line.Receive();
            switch (message.Meta)
            {
                case LoanMessage.Chain:
                    Pass(ref line, ref chain, ref page);
                    break;
                case LoanMessage.TakeBack:
                    bool isBack = page.Revoke() == SystemResult.Ok && page.Look();
                    line.Send(LoanMessage.Looked, isBack ? 0UL : 1);
                    break;
                case LoanMessage.Call:
                    bool isGiven = line.Channel.Accept(ref bell) == ChannelResult.Done;
                    line.Send(LoanMessage.Called, isGiven ? Call(in bell, message.Payload.Word0) : 0);
                    break;
                case LoanMessage.CallAgain:
                    line.Send(LoanMessage.Called, Call(in bell, 1));
                    bell.Clear();
                    break;
                case LoanMessage.Store:
                    bool isMoved = store.Take(ref line.Channel);
                    ulong dirty = store.Fill(space, (uint)message.Payload.Word0, out ulong pages);
                    line.Send(LoanMessage.Stored, dirty, isMoved ? pages : 0);
                    break;
                case LoanMessage.StoreTakenBack:
                    line.Send(LoanMessage.Looked, store.Look() ? 1UL : 0);
                    store.GiveUp();
                    break;
                case LoanMessage.GiveUp:
                    store.GiveUp();
                    line.Send(LoanMessage.Looked, 0);
                    break;
                case LoanMessage.CountUp:
                    CountUp(ref line, ref page, ref self);
                    break;
                default:
                    Obey(in message, ref line, ref row, ref page, ref bell);
                    break;
            }
        }

        page.Free();
        bell.Free();
        self.Leave();
        store.GiveUp();
    }

    // Without a wait, so that only who stops this thread can keep it from counting.
    private void CountUp(ref LoanLine line, ref OwnSlot page, ref OwnSlot self)
    {
        RegisterPage memory = default;
        bool isGiven = Take(ref line.Channel, ref page)
            && RegisterPage.Map(new MemoryFrame(page.Address), space, Place, out memory) == SystemResult.Ok
            && Give(ref line.Channel, ref self, CapabilityRights.Write | CapabilityRights.GrantReply);
        uint count = 0;
        while (isGiven && memory.Read32(0) != LoanMessage.StopCounting)
        {
            count++;
            memory.Write32(core * sizeof(uint), count);
        }

        bool isBack = self.Revoke() == SystemResult.Ok;
        page.Clear();
        line.Send(LoanMessage.CountedUp, isGiven && isBack ? 1UL : 0);
    }

    // As often as asked, or until one fails.
    private ulong Call(ref readonly OwnSlot endpoint, ulong count)
    {
        ulong answered = 0;
        while (answered != count)
        {
            Message message = Message.Of(LoanMessage.CallLabel, words: 3, core, answered, ~answered);
            bool isAnswered = Ipc.Call(endpoint.Address, ref message) == SystemResult.Ok && message.Header.Label == LoanMessage.CallLabel
                && message.Word0 == LoanMessage.AnswerTo(core, answered);
            if (!isAnswered)
            {
                break;
            }

            answered++;
        }

        return answered;
    }

    private void Obey(ref readonly RingMessage message, ref LoanLine line, ref SlotRow row, ref OwnSlot page, ref OwnSlot bell)
    {
        switch (message.Meta)
        {
            case LoanMessage.Lent:
                Use(ref line, ref page, ref bell);
                break;
            case LoanMessage.Moved:
                Answer(ref line, ref page);
                break;
            case LoanMessage.Hold:
                line.Send(LoanMessage.Held, Hold(ref line, ref page, ref row, message.Payload.Word0));
                break;
            case LoanMessage.TakenBack:
                line.Send(LoanMessage.Looked, page.Look() ? 1UL : 0);
                page.Clear();
                break;
            case LoanMessage.Storm:
                Weather(ref line, ref page);
                break;
        }
    }

    private void Use(ref LoanLine line, ref OwnSlot page, ref OwnSlot bell)
    {
        bool isGiven = line.Channel.Accept(ref page) == ChannelResult.Done && line.Channel.Accept(ref bell) == ChannelResult.Done;
        RegisterPage memory = default;
        bool isMapped = isGiven && RegisterPage.Map(new MemoryFrame(page.Address), space, Place, out memory) == SystemResult.Ok;
        uint read = memory.Read32(0);
        memory.Write32(core * sizeof(uint), read + core);
        bool hasRung = isMapped && new SignalWord(bell.Address).Signal() == SystemResult.Ok;
        bell.Clear();
        line.Send(LoanMessage.Used, read, hasRung ? 1UL : 0);
    }

    // The page comes from the neighbour before, or from the lender, and goes on to the neighbour behind.
    private void Pass(ref LoanLine line, ref LoanChain chain, ref OwnSlot page)
    {
        bool isGiven = chain.Before.IsGiven ? Take(ref chain.Before, ref page) : Take(ref line.Channel, ref page);
        RegisterPage memory = default;
        bool isMapped = isGiven && RegisterPage.Map(new MemoryFrame(page.Address), space, Place, out memory) == SystemResult.Ok;
        uint read = memory.Read32(0);
        memory.Write32(core * sizeof(uint), read + core);
        bool isGivenOn = isMapped && (!chain.Behind.IsGiven || Give(ref chain.Behind, ref page, CapabilityRights.Read | CapabilityRights.Write));
        line.Send(LoanMessage.Used, read, isGivenOn ? 1UL : 0);
    }

    private static bool Take(ref RingChannel channel, ref OwnSlot page) => channel.Accept(ref page) == ChannelResult.Done;

    private static bool Give(ref RingChannel channel, ref OwnSlot what, CapabilityRights rights)
    {
        ChannelResult given = channel.Grant(what.Address, rights);
        while (given == ChannelResult.WouldBlock)
        {
            _ = Ipc.Wait(channel.Notification);
            given = channel.Grant(what.Address, rights);
        }

        return given == ChannelResult.Done;
    }

    // A chain: each is derived from the one before. All but the first stay in slots that are not used again.
    private ulong Hold(ref LoanLine line, ref OwnSlot page, ref SlotRow row, ulong count)
    {
        bool isMapped = line.Channel.Accept(ref page) == ChannelResult.Done
            && RegisterPage.Map(new MemoryFrame(page.Address), space, Place, out _) == SystemResult.Ok;
        ulong held = isMapped ? 1UL : 0;
        if (count <= 1)
        {
            return held;
        }

        OwnSlot last = row.Take();
        held += last.Mint(in page, CapabilityRights.All, 0) == SystemResult.Ok ? 1UL : 0;
        for (ulong link = 2; link < count; link++)
        {
            OwnSlot next = row.Take();
            held += next.Mint(in last, CapabilityRights.All, 0) == SystemResult.Ok ? 1UL : 0;
            last.Leave();
            last = next;
        }

        last.Leave();
        return held;
    }

    // The page is this program's alone: the words are changed in place, and it goes back.
    private void Answer(ref LoanLine line, ref OwnSlot page)
    {
        RegisterPage memory = default;
        bool isMapped = line.Channel.Accept(ref page) == ChannelResult.Done
            && RegisterPage.Map(new MemoryFrame(page.Address), space, Place, out memory) == SystemResult.Ok;
        if (isMapped)
        {
            MovedWords.Turn(memory);
        }

        page.Clear();
        line.Send(LoanMessage.Used, 0, isMapped ? 1UL : 0);
    }

    // What is taken may be gone the moment after: it is mapped and given up, never touched.
    private void Weather(ref LoanLine line, ref OwnSlot page)
    {
        ulong taken = 0;
        while (true)
        {
            while (line.Channel.TryAccept(ref page) == ChannelResult.Done)
            {
                taken++;
                _ = RegisterPage.Map(new MemoryFrame(page.Address), space, Place, out _);
                page.Clear();
            }

            ChannelResult told = line.Channel.TryReceive(out RingMessage message);
            if (told == ChannelResult.Done && message.Meta == LoanMessage.Calm)
            {
                line.Send(LoanMessage.Counted, taken);
            }

            if (told != ChannelResult.WouldBlock)
            {
                return;
            }

            // Messages and capabilities both ring.
            if (line.Channel.TryRest())
            {
                _ = Ipc.Wait(line.Channel.Notification);
            }

            line.Channel.Awake();
        }
    }
}
