using Atoll.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Atoll.Generators.Reading;

/// <summary>Reads a method of a protocol, and finds what cannot travel.</summary>
internal static class MethodReader
{
    private const string Deferred = "Atoll.Services.Lib.DeferredAttribute";

    // Parameters that generated methods have besides those of the interface, and variables.
    private static readonly ImmutableHashSet<string> s_taken =
        ["caller", "reply", "result", "server", "exchange", "asked", "answer", "outcome", "transport", "answered", "capabilities", "cargo", "came"];

    /// <summary>Reads it.</summary>
    public static MethodModel Read(IMethodSymbol method, ICollection<Finding> findings)
    {
        ScalarType? result = method.ReturnsVoid ? null : ScalarReader.Read(method.ReturnType);
        if (!method.ReturnsVoid && (result is null || method.RefKind != RefKind.None))
        {
            findings.Add(Finding.Of(
                ProtocolRules.Type, SourcePlace.Of(method), method.Name, method.ReturnType.ToDisplayString(), "a method returns an integer, a bool, an enum or nothing"));
        }

        List<ParameterModel> parameters = [];
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (ReadParameter(parameter, parameters, findings) is { } read)
            {
                parameters.Add(read);
            }
        }

        bool isDeferred = method.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == Deferred);
        MethodModel model = new(method.Name, isDeferred, result, new(parameters), SourcePlace.Of(method));
        FindRoomWithoutLength(model, findings);
        FindTooManyWords(model, findings);
        FindTooManyCapabilities(model, findings);
        return model;
    }

    private static ParameterModel? ReadParameter(IParameterSymbol parameter, List<ParameterModel> before, ICollection<Finding> findings)
    {
        if (s_taken.Contains(parameter.Name))
        {
            findings.Add(Finding.Of(ProtocolRules.NameTaken, SourcePlace.Of(parameter), parameter.ContainingSymbol.Name, parameter.Name));
        }

        string name = SyntaxFacts.GetKeywordKind(parameter.Name) == SyntaxKind.None ? parameter.Name : "@" + parameter.Name;
        string type = parameter.Type.ToDisplayString();
        ScalarType? scalar = ScalarReader.Read(parameter.Type);
        HandleType? handle = HandleReader.Read(parameter.Type);
        ParameterModel? read = (parameter.RefKind, type) switch
        {
            (RefKind.None, "System.ReadOnlySpan<byte>") => new ParameterModel(name, ParameterKind.BytesIn, null),
            (RefKind.None, "System.Span<byte>") => new ParameterModel(name, ParameterKind.BytesOut, null),
            (RefKind.None, _) when scalar is not null => new ParameterModel(name, ParameterKind.In, scalar),
            (RefKind.Out, "uint") when before.Count > 0 && before[before.Count - 1].Kind == ParameterKind.BytesOut =>
                new ParameterModel(name, ParameterKind.Length, scalar),
            (RefKind.Out, _) when scalar is not null => new ParameterModel(name, ParameterKind.Out, scalar),
            (RefKind.None, _) when handle is not null => new ParameterModel(name, ParameterKind.CapabilityIn, null, handle),
            (RefKind.Out, _) when handle is not null => new ParameterModel(name, ParameterKind.CapabilityOut, null, handle),
            _ => null,
        };
        if (handle is not null && HandleReader.Refuse(parameter.Type) is { } reason)
        {
            findings.Add(Finding.Of(ProtocolRules.Handle, SourcePlace.Of(parameter), type, parameter.Name, reason));
        }
        else if (read is null)
        {
            findings.Add(Finding.Of(ProtocolRules.Type, SourcePlace.Of(parameter), parameter.Name, type, Advice(parameter, scalar)));
        }

        return read;
    }

    private static string Advice(IParameterSymbol parameter, ScalarType? scalar) => (parameter.RefKind, scalar) switch
    {
        (RefKind.None, _) => "integers of 8 to 64 bits, bool, enums, ReadOnlySpan<byte>, Span<byte> and handles of capabilities do",
        (RefKind.Out, _) => "'out' can be an integer of 8 to 64 bits, a bool, an enum or the handle of a capability",
        _ => "nothing travels by reference: pass it by value, or take it back by 'out'",
    };

    private static void FindRoomWithoutLength(MethodModel method, ICollection<Finding> findings)
    {
        ImmutableArray<ParameterModel> parameters = method.Parameters.Items;
        int rooms = parameters.Count(parameter => parameter.Kind == ParameterKind.BytesOut);
        if (rooms > 1)
        {
            findings.Add(Finding.Of(ProtocolRules.Room, method.Place, method.Name, "an answer has room for one Span<byte>"));
        }

        for (int index = 0; index < parameters.Length; index++)
        {
            if (parameters[index].Kind == ParameterKind.BytesOut
                && (index + 1 == parameters.Length || parameters[index + 1].Kind != ParameterKind.Length))
            {
                findings.Add(Finding.Of(
                    ProtocolRules.Room, method.Place, method.Name, $"'{parameters[index].Name}' is not followed by 'out uint', which says how many bytes came"));
            }
        }
    }

    private static void FindTooManyWords(MethodModel method, ICollection<Finding> findings)
    {
        int asked = method.AskedScalars + method.BytesIn.Count();
        int answered = method.AnsweredScalars + (method.BytesOut is null ? 0 : 1);
        if (asked > MethodModel.WordsMax)
        {
            findings.Add(Finding.Of(ProtocolRules.TooManyWords, method.Place, method.Name, $"{asked}", "to the server"));
        }

        if (answered > MethodModel.WordsMax)
        {
            findings.Add(Finding.Of(ProtocolRules.TooManyWords, method.Place, method.Name, $"{answered}", "from the server"));
        }
    }

    private static void FindTooManyCapabilities(MethodModel method, ICollection<Finding> findings)
    {
        int asked = method.CapabilitiesIn.Count();
        int answered = method.CapabilitiesOut.Count();
        if (asked > MethodModel.CapabilitiesMax)
        {
            findings.Add(Finding.Of(ProtocolRules.TooManyCapabilities, method.Place, method.Name, $"{asked}", "to the server"));
        }

        if (answered > MethodModel.CapabilitiesMax)
        {
            findings.Add(Finding.Of(ProtocolRules.TooManyCapabilities, method.Place, method.Name, $"{answered}", "from the server"));
        }
    }
}
