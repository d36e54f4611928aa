using Atoll.Generators.Model;
using static Atoll.Generators.Emitting.WireEmitter;

namespace Atoll.Generators.Emitting;

/// <summary>The classes <c>NAMEReply&lt;TReplies&gt;</c> and <c>NAMEReply</c>: answers that come later.</summary>
internal static class ReplyEmitter
{
    public static string Emit(ProtocolModel protocol, ImmutableArray<NumberedMethod> methods)
    {
        CodeWriter code = CodeWriter.File(protocol.Namespace);
        IEnumerable<MethodModel> deferred = methods.Select(numbered => numbered.Method).Where(method => method.IsDeferred);
        code.Line();
        code.Summary($"Answers callers of the protocol {protocol.WireName} that wait.");
        code.Line("/// <typeparam name=\"TReplies\">Where they wait.</typeparam>");
        code.Line($"public static class {protocol.Name}Reply<TReplies>");
        code.Open($"    where TReplies : struct, {Lib}.{(deferred.Any(method => method.CapabilitiesOut.Any()) ? "ICapabilityReplies" : "IReplies")}");
        foreach (MethodModel method in deferred)
        {
            EmitAnswer(code, protocol, method, isFirst: method == deferred.First());
        }

        code.Close();
        code.Line();
        code.Summary($"Answers callers of the protocol {protocol.WireName} that wait in reply objects.");
        code.Open($"public static class {protocol.Name}Reply");
        foreach (MethodModel method in deferred)
        {
            EmitOverEndpoints(code, protocol, method, isFirst: method == deferred.First());
        }

        code.Close();
        return code.ToString();
    }

    private static void EmitAnswer(CodeWriter code, ProtocolModel protocol, MethodModel method, bool isFirst)
    {
        EmitHead(code, protocol, method, isFirst);
        code.Open($"public static global::Atoll.Abi.SystemResult {method.Name}({Parameters(method)})");
        code.Line($"{Lib}.MessageWriter answer = new(TReplies.Words);");
        if (method.CapabilitiesOut.Any())
        {
            code.Line($"{Lib}.Cargo cargo = default;");
        }

        if (method.Result is not null)
        {
            Add(code, method.Result, "result", "answer");
        }

        foreach (ParameterModel parameter in method.Parameters)
        {
            if (parameter.Kind == ParameterKind.Out)
            {
                Add(code, parameter.Type!, parameter.Name, "answer");
            }
            else if (parameter.Kind == ParameterKind.Length)
            {
                code.Line($"answer.Add((ulong){method.BytesOut!.Name}.Length);");
            }
            else if (parameter.Kind == ParameterKind.CapabilityOut)
            {
                AddCapability(code, parameter);
            }
        }

        if (method.BytesOut is { } room)
        {
            code.Line($"answer.Add({room.Name});");
            code.Open("if (answer.IsTooLong)");
            code.Line($"global::Atoll.Abi.SystemResult refused = TReplies.Answer(reply, {Lib}.Refusal.AnswerInvalid, 0);");
            code.Line("return refused == global::Atoll.Abi.SystemResult.Ok ? global::Atoll.Abi.SystemResult.ArgumentInvalid : refused;");
            code.Close();
            code.Line();
        }

        code.Line(method.CapabilitiesOut.Any()
            ? "return TReplies.Answer(reply, answer.Count, in cargo);"
            : $"return TReplies.Answer(reply, {Lib}.Refusal.None, answer.Count);");
        code.Close();
    }

    private static void EmitOverEndpoints(CodeWriter code, ProtocolModel protocol, MethodModel method, bool isFirst)
    {
        IEnumerable<string> arguments =
            ["reply", .. method.Result is null ? [] : new[] { "result" }, .. Given(method).Select(parameter => parameter.Name)];
        EmitHead(code, protocol, method, isFirst);
        code.Line($"public static global::Atoll.Abi.SystemResult {method.Name}({Parameters(method)}) =>");
        code.Line($"    {protocol.Name}Reply<{Lib}.EndpointReplies>.{method.Name}({List(arguments)});");
    }

    private static void EmitHead(CodeWriter code, ProtocolModel protocol, MethodModel method, bool isFirst)
    {
        if (!isFirst)
        {
            code.Line();
        }

        code.Summary($"Answers <see cref=\"I{protocol.Name}.{method.Name}\"/>.");
        code.Param("reply", "The reply object in which the caller waits.");
        if (method.Result is not null)
        {
            code.Param("result", "What the method returns.");
        }

        code.ParamsOfProtocol(Given(method));

        code.Line("/// <returns>NoCaller: nobody waits any more; ArgumentInvalid: too many bytes, and the caller was refused.</returns>");
    }

    private static IEnumerable<ParameterModel> Given(MethodModel method) =>
        method.Parameters.Where(parameter => parameter.Kind is ParameterKind.Out or ParameterKind.BytesOut or ParameterKind.CapabilityOut);

    private static string Parameters(MethodModel method)
    {
        IEnumerable<string> result = method.Result is null ? [] : [$"{method.Result.Name} result"];
        IEnumerable<string> given = Given(method).Select(parameter => parameter.Kind == ParameterKind.BytesOut
            ? $"global::System.ReadOnlySpan<byte> {parameter.Name}"
            : $"{parameter.Type?.Name ?? parameter.Handle!.Name} {parameter.Name}");
        return List(["uint reply", .. result, .. given]);
    }
}
