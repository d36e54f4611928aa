using Atoll.Abi;

namespace Atoll.Services.Loan;

/// <summary>What lender and borrower tell each other. The capabilities themselves cross beside the messages.</summary>
internal static class LoanMessage
{
    /// <summary>Lender: I have given you a page and a bell. Word 0: which round.</summary>
    internal const uint Lent = 1;

    /// <summary>Borrower: I have read the page, written to it and rung. Word 0: what I read; word 1: 1 when all went as it should.</summary>
    internal const uint Used = 2;

    /// <summary>Lender: the page is taken back. Is it gone?</summary>
    internal const uint TakenBack = 3;

    /// <summary>Borrower: word 0 is 1 when I have it still.</summary>
    internal const uint Looked = 4;

    /// <summary>Lender: from now on take whatever comes.</summary>
    internal const uint Storm = 5;

    /// <summary>Lender: no more comes.</summary>
    internal const uint Calm = 6;

    /// <summary>Borrower: word 0 is how many I have taken.</summary>
    internal const uint Counted = 7;

    /// <summary>Mover: the page is yours alone, with words of a round. Word 0: which round.</summary>
    internal const uint Moved = 8;

    /// <summary>Meter: I have given you a page. Map it and keep it; word 0: so many capabilities, each derived from the one before.</summary>
    internal const uint Hold = 9;

    /// <summary>Borrower: I have done so. Word 0: how many I hold.</summary>
    internal const uint Held = 10;

    /// <summary>Storm: from now on take whatever comes, use it and give it up as you like.</summary>
    internal const uint Blow = 11;

    /// <summary>Storm, from a holder, at any moment: word 0 is one more than in the message of this kind before.</summary>
    internal const uint Number = 12;

    /// <summary>Storm: answer when you have taken so many. Word 0: how many.</summary>
    internal const uint Settle = 13;

    /// <summary>Storm, from a holder: I have.</summary>
    internal const uint Settled = 14;

    /// <summary>Lender: take a page from whoever is before you, use it, and give it on to whoever is behind you. Answered by <see cref="Used"/>.</summary>
    internal const uint Chain = 15;

    /// <summary>Lender: take back what you gave on. Answered by <see cref="Looked"/>: word 0 is 1 when that failed, or when your own is gone.</summary>
    internal const uint TakeBack = 16;

    /// <summary>Lender: I have given you an endpoint. Call me, so often as word 0 says.</summary>
    internal const uint Call = 17;

    /// <summary>Lender: the endpoint is taken back. Call once more. Answered by <see cref="Called"/>.</summary>
    internal const uint CallAgain = 18;

    /// <summary>Borrower: I have. Word 0: calls that were answered as they should be.</summary>
    internal const uint Called = 19;

    /// <summary>Lender: I have given you a page. Give me your thread, and count on the page until it says <see cref="StopCounting"/>.</summary>
    internal const uint CountUp = 20;

    /// <summary>Borrower: I have, and have taken my thread back. Word 0: 1 when all went as it should.</summary>
    internal const uint CountedUp = 21;

    /// <summary>Lender: I have given you untyped memory. Make pages of it. Word 0: what to write there.</summary>
    internal const uint Store = 22;

    /// <summary>Borrower: I have. Word 0: words of the pages that were not zero; word 1: pages.</summary>
    internal const uint Stored = 23;

    /// <summary>Lender: give all of it up. Answered by <see cref="Looked"/>.</summary>
    internal const uint GiveUp = 24;

    /// <summary>Lender: the memory is taken back. Is it gone, and the pages with it? Answered by <see cref="Looked"/>.</summary>
    internal const uint StoreTakenBack = 25;

    /// <summary>First word of the page: whoever counts there has to stop.</summary>
    internal const uint StopCounting = 1;

    /// <summary>A message.</summary>
    internal static RingMessage Of(uint meta, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0)
    {
        RingMessage message = default;
        message.Meta = meta;
        message.Payload.Word0 = word0;
        message.Payload.Word1 = word1;
        message.Payload.Word2 = word2;
        return message;
    }

    /// <summary>Label of the calls, and of their answers.</summary>
    internal const ulong CallLabel = 77;

    /// <summary>What the lender answers to a call.</summary>
    internal static ulong AnswerTo(ulong core, ulong number) => (core << 32) + (number * 3);

    /// <summary>What stands on the page in a round.</summary>
    internal static uint PatternOf(ulong round) => 0xA70_0000 + (uint)round;
}
