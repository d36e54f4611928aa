using Atoll.Generators.Model;
using static Atoll.Generators.Emitting.WireEmitter;

namespace Atoll.Generators.Emitting;

/// <summary>The struct <c>NAMEDispatch&lt;TServer&gt;</c>: decodes, calls, encodes; and <c>NAMEDispatch.Run</c>, the loop over an endpoint.</summary>
internal static class DispatchEmitter
{
    public static string Emit(ProtocolModel protocol, ImmutableArray<NumberedMethod> methods)
    {
        CodeWriter code = CodeWriter.File(protocol.Namespace);
        EmitRun(code, protocol);
        code.Line();
        code.Summary($"Reads messages of the protocol {protocol.WireName}, has the server do what they ask, and writes the answers.");
        code.Line("/// <typeparam name=\"TServer\">The server.</typeparam>");
        code.Line($"public readonly struct {protocol.Name}Dispatch<[global::Atoll.AllowLinear] TServer> : {Lib}.IDispatch<TServer>");
        code.Open($"    where TServer : struct, I{protocol.Name}Server");
        code.Line("/// <inheritdoc/>");
        code.Line($"public static bool TakesCapabilities => {(protocol.TakesCapabilities ? "true" : "false")};");
        code.Line();
        EmitHandle(code, protocol, methods);
        foreach (NumberedMethod numbered in methods)
        {
            EmitMethod(code, protocol, numbered.Method);
        }

        code.Close();
        return code.ToString();
    }

    private static void EmitRun(CodeWriter code, ProtocolModel protocol)
    {
        string server = $"I{protocol.Name}Server";
        code.Line();
        code.Summary($"Serves the protocol {protocol.WireName} on an endpoint.");
        code.Open($"public static class {protocol.Name}Dispatch");
        code.Summary("Receives and answers. Returns only when the endpoint cannot be received from.");
        code.Line("/// <typeparam name=\"TServer\">The server.</typeparam>");
        code.Param("server", "Does what it is asked.");
        code.Param("endpoint", "Address of the endpoint.");
        code.Param("replies", "The thread's reply objects: one at least.");
        code.Line("public static global::Atoll.Abi.SystemResult Run<[global::Atoll.AllowLinear] TServer>(");
        code.Line($"    ref TServer server, ulong endpoint, {Lib}.ReplySet replies)");
        code.Line($"    where TServer : struct, {server} =>");
        code.Line($"    {Lib}.ServerLoop.Run<{protocol.Name}Dispatch<TServer>, TServer>(ref server, endpoint, replies);");
        code.Close();
    }

    private static void EmitHandle(CodeWriter code, ProtocolModel protocol, ImmutableArray<NumberedMethod> methods)
    {
        code.Line("/// <inheritdoc/>");
        code.Open($"public static {Lib}.Refusal Handle(ref TServer server, ref {Lib}.Exchange exchange)");
        code.Open("switch (exchange.Method)");
        foreach (NumberedMethod numbered in methods)
        {
            code.Line($"case {protocol.Name}Protocol.{numbered.Method.Name}Id:");
            code.Line($"    return {numbered.Method.Name}(ref server, ref exchange);");
        }

        code.Line("default:");
        code.Line($"    return {Lib}.Refusal.MethodUnknown;");
        code.Close();
        code.Close();
    }

    private static void EmitMethod(CodeWriter code, ProtocolModel protocol, MethodModel method)
    {
        code.Line();
        code.Open($"private static {Lib}.Refusal {method.Name}(ref TServer server, ref {Lib}.Exchange exchange)");
        code.Line($"{Lib}.MessageReader asked = {Lib}.Exchange.Read(ref exchange);");
        foreach (ParameterModel parameter in method.Parameters)
        {
            EmitTake(code, protocol, method, parameter);
        }

        foreach (ParameterModel parameter in method.BytesIn)
        {
            code.Line($"global::System.ReadOnlySpan<byte> {parameter.Name} = asked.TakeBytes({parameter.PlainName}Length);");
        }

        EmitTakeCapabilities(code, protocol, method);
        code.ReturnIf("!asked.IsComplete", $"{Lib}.Refusal.Malformed");
        code.Line($"{Lib}.Caller caller = exchange.Caller;");
        if (method.IsDeferred)
        {
            EmitDeferredCall(code, method);
        }
        else
        {
            EmitCall(code, method);
        }

        code.Close();
    }

    private static void EmitTake(CodeWriter code, ProtocolModel protocol, MethodModel method, ParameterModel parameter)
    {
        switch (parameter.Kind)
        {
            case ParameterKind.In:
                Take(code, protocol, parameter.Type!, parameter.Name, "asked");
                break;
            case ParameterKind.BytesIn:
                TakeLength(code, $"{parameter.PlainName}Length", "asked", $"{method.AskedSpanMax}");
                break;
            case ParameterKind.BytesOut:
                TakeLength(code, $"{parameter.PlainName}Capacity", "asked", $"{protocol.Name}Protocol.{method.Name}RoomMax");
                break;
        }
    }

    private static void EmitTakeCapabilities(CodeWriter code, ProtocolModel protocol, MethodModel method)
    {
        if (!method.CapabilitiesIn.Any())
        {
            if (protocol.TakesCapabilities)
            {
                code.Line("asked.Require(exchange.AskedCapabilities == 0);");
            }

            return;
        }

        code.Line($"{Lib}.CapabilityReader capabilities = new(exchange.AskedCapabilities);");
        foreach (ParameterModel parameter in method.CapabilitiesIn)
        {
            code.Line($"{parameter.Handle!.Name} {parameter.Name} = new(capabilities.Take({parameter.Handle.KindName}));");
        }

        code.Line("asked.Require(capabilities.IsComplete);");
    }

    private static void EmitDeferredCall(CodeWriter code, MethodModel method)
    {
        IEnumerable<string> arguments = method.Parameters
            .Where(parameter => parameter.Kind is ParameterKind.In or ParameterKind.BytesIn or ParameterKind.BytesOut or ParameterKind.CapabilityIn)
            .Select(parameter => parameter.Kind == ParameterKind.BytesOut ? $"{parameter.PlainName}Capacity" : parameter.Name);
        code.ReturnIf("!exchange.MayDefer", $"{Lib}.Refusal.Busy");
        code.Line($"server.{method.Name}({List(["in caller", "exchange.Defer()", .. arguments])});");
        code.Line($"return {Lib}.Refusal.None;");
    }

    private static void EmitCall(CodeWriter code, MethodModel method)
    {
        IEnumerable<string> arguments = method.Parameters.Select(parameter =>
            parameter.Kind is ParameterKind.Out or ParameterKind.Length or ParameterKind.CapabilityOut ? parameter.Declaration : parameter.Name);
        string call = $"server.{method.Name}({List(["in caller", .. arguments])});";
        if (method.BytesOut is { } room)
        {
            code.Line($"global::System.Span<byte> {room.Name} = {Lib}.MessageWriter.Room(");
            code.Line($"    {Lib}.Exchange.Answer(ref exchange), {method.AnsweredScalars}, {room.PlainName}Capacity);");
        }

        code.Line(method.Result is null ? call : $"{method.Result.Name} result = {call}");
        code.Line($"{Lib}.MessageWriter answer = new({Lib}.Exchange.Answer(ref exchange));");
        if (method.Result is not null)
        {
            Add(code, method.Result, "result", "answer");
        }

        EmitAnswerScalars(code, method);

        if (method.BytesOut is { } filled)
        {
            string length = method.Parameters.First(parameter => parameter.Kind == ParameterKind.Length).Name;
            code.ReturnIf($"{length} > {filled.PlainName}Capacity", $"{Lib}.Refusal.AnswerInvalid");
            code.Line($"answer.AddInPlace({length});");
        }

        code.Line(method.CapabilitiesOut.Any() ? "return exchange.End(in answer, in cargo);" : "return exchange.End(in answer);");
    }

    private static void EmitAnswerScalars(CodeWriter code, MethodModel method)
    {
        if (method.CapabilitiesOut.Any())
        {
            code.Line($"{Lib}.Cargo cargo = default;");
        }

        foreach (ParameterModel parameter in method.Parameters)
        {
            switch (parameter.Kind)
            {
                case ParameterKind.Out:
                case ParameterKind.Length:
                    Add(code, parameter.Type!, parameter.Name, "answer");
                    break;
                case ParameterKind.CapabilityOut:
                    AddCapability(code, parameter);
                    break;
            }
        }
    }
}
