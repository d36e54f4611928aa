namespace Atoll.Protocols.Tests.Hostile;

/// <summary>A mistake: in a source file of services/Lib/Protocols, or in what the generator makes of the sample protocol.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="File">File name without <c>.cs</c>; what was generated ends in <c>.g</c>.</param>
/// <param name="Find">Text to replace, wherever it occurs.</param>
/// <param name="Replace">What it becomes.</param>
public sealed record ProtocolDefect(string Name, string File, string Find, string Replace)
{
    public static IReadOnlyList<ProtocolDefect> All { get; } =
    [
        new("a server takes messages that are too short or too long", "SampleDispatch.g", "if (!asked.IsComplete)", "if (false)"),
        new("a server takes any value for an enum", "SampleDispatch.g", "asked.Require(SampleProtocol.IsDefined(shade));", ""),
        new("a server takes any combination of flags", "SampleProtocol.g", "(value & ~(", "(value & 0 & ~("),
        new("a server asks for more room than there is", "SampleDispatch.g", "(uint)asked.TakeUpTo(SampleProtocol.TurnRoomMax)", "(uint)asked.TakeUInt64()"),
        new("a server takes messages of another method", "SampleDispatch.g", "return global::Atoll.Services.Lib.Refusal.MethodUnknown;", "return Nothing(ref server, ref exchange);"),
        new("a client takes answers that are too short or too long", "SampleClient.g", "if (!answer.IsComplete)", "if (false)"),
        new("a client takes more bytes than it has room for", "SampleClient.g", "(uint)answer.TakeUpTo(turnedRoom)", "(uint)answer.TakeUpTo(960)"),
        new("a client takes any value for an enum", "SampleClient.g", "answer.Require(SampleProtocol.IsDefined(resultTaken));", ""),
        new("a client hands out what it has not checked", "SampleClient.g", "uint lengthTaken =", "uint lengthTaken = length ="),
        new("a server takes other capabilities, or fewer", "SampleDispatch.g", "asked.Require(capabilities.IsComplete);", ""),
        new("a server takes capabilities that its method does not have", "SampleDispatch.g", "asked.Require(exchange.AskedCapabilities == 0);", ""),
        new("a client takes capabilities that it was not told of", "SampleClient.g", "answer.Require(capabilities.IsComplete);", ""),
        new("what came with a bad answer stays in the inbox", "SampleClient.g", "Inbox.Drop();\n            return global::Atoll.Services.Lib.CallResult.AnswerInvalid;", "Inbox.Take(0);\n            return global::Atoll.Services.Lib.CallResult.AnswerInvalid;"),
        new("what came with a refusal stays in the inbox", "SampleClient.g", "Inbox.Refuse(came);", "Inbox.Take(0);"),
        new("a capability of any kind is taken", "Inbox", " && found == type", " && found != 0"),
        new("capabilities may be left over", "Cargo", "!_isWrong && _next == _came", "!_isWrong"),
        new("a number may be larger than its type", "MessageReader", "Require(word <= most);", ""),
        new("a signed number may be larger than its type", "MessageReader", "Require((word << above) >> above == word);", ""),
        new("words may be left over", "MessageReader", "!_isWrong && _next == (uint)_words.Length", "!_isWrong"),
        new("words may be missing", "MessageReader", "            _isWrong = true;\n            return 0;", "            return 0;"),
        new("bytes may end behind the message", "MessageReader", "_isWrong || count > (uint)_words.Length - _next", "_isWrong"),
        new("more words are read than a message has", "MessageReader", "bool fits = count <= (uint)words.Length;", "bool fits = true;"),
        new("words that came are not counted right", "WordBytes", "(bytes % Size == 0 ? 0U : 1U)", "1U"),
        new("the last word brings bytes of an earlier message", "MessageWriter", "_words[(int)_count - 1] &= (1UL << (int)(used * 8)) - 1;", ""),
        new("a refusal is taken for an answer", "Refusal", "Refusal.Malformed => CallResult.Malformed,", "Refusal.Malformed => CallResult.Ok,"),
        new("an unknown refusal is taken for an answer", "Refusal", "_ => CallResult.AnswerInvalid,", "_ => CallResult.Ok,"),
    ];
}
