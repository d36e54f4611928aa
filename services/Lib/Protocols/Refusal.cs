namespace Atoll.Services.Lib;

/// <summary>Why a server does not answer what it was asked. Travels as the label of the answer.</summary>
public enum Refusal : ulong
{
    /// <summary>It does answer.</summary>
    None,

    /// <summary>The protocol has no method of this number.</summary>
    MethodUnknown,

    /// <summary>The message is not one of this method: its length, or a value that its type does not have.</summary>
    Malformed,

    /// <summary>All reply objects but the last are held: nobody can be made to wait.</summary>
    Busy,

    /// <summary>The server's own answer does not fit its method: a mistake of the server.</summary>
    AnswerInvalid,
}

/// <summary>What the label of an answer says to a caller.</summary>
public static class Refusals
{
    /// <summary>The outcome of the call. A label that nobody sends is an answer that does not fit.</summary>
    public static CallResult Outcome(ulong label) => (Refusal)label switch
    {
        Refusal.None => CallResult.Ok,
        Refusal.MethodUnknown => CallResult.MethodUnknown,
        Refusal.Malformed => CallResult.Malformed,
        Refusal.Busy => CallResult.Busy,
        Refusal.AnswerInvalid => CallResult.AnswerInvalid,
        _ => CallResult.AnswerInvalid,
    };
}
