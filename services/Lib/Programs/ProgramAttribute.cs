using System;

namespace Atoll.Services.Lib;

/// <summary>
/// The program begins here: <c>static void Main(in ProgramStart start)</c>, in a class that its assembly sees. When it returns, the program has ended.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramAttribute : Attribute;
