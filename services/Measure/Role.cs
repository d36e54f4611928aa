namespace Atoll.Services.Measure;

/// <summary>What a thread of this program does. The second word that it begins with has it in its upper half.</summary>
public enum Role : uint
{
    /// <summary>Measures. The kernel starts this one, with zeros.</summary>
    Measures,

    /// <summary>Answers calls with two words in registers.</summary>
    AnswersShort,

    /// <summary>Answers calls with as many words as it got.</summary>
    AnswersLong,

    /// <summary>Takes signals.</summary>
    TakesSignals,

    /// <summary>Lets threads that touched nothing go on behind the instruction.</summary>
    HandlesFaults,

    /// <summary>Touches nothing, and measures how long that takes.</summary>
    Faults,
}
