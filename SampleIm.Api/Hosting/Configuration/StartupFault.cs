using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Disk;

namespace SampleIm.Api.Hosting.Configuration;

/// <summary>Why the program, or a command of it, cannot go on.</summary>
public static class StartupFault
{
    /// <summary>One line for what an operator can do something about; all that is known of a fault of the program.</summary>
    public static string Explain(Exception fault) => fault switch
    {
        StartupException => fault.Message,
        _ when FullDisk.IsCauseOf(fault) => FullDisk.Explain(fault),
        IOException { InnerException: AddressInUseException } =>
            $"Urls: {FirstLine(fault)} Another program listens there, or this one already.",
        // What localhost stands for, and neither of the two would do.
        IOException { InnerException: AggregateException { InnerExceptions: [SocketException refused, ..] } } =>
            $"{Explain(refused)} {FirstLine(fault)}",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            $"Urls: this user may not listen there: ports below 1024 need a right of their own ({FirstLine(fault)}).",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            $"Urls: this machine does not have such an address ({FirstLine(fault)}).",
        SocketException or FormatException => $"Urls: {FirstLine(fault)}",
        CryptographicException => $"Kestrel:Certificates: the certificate cannot be read: {FirstLine(fault)}",
        // Of a file with settings; what stands behind it says where.
        InvalidDataException => $"{FirstLine(fault)} {FirstLine(fault.GetBaseException())}",
        IOException or UnauthorizedAccessException or StorageUnavailableException => FirstLine(fault),
        InvalidOperationException or ArgumentException => FirstLine(fault),
        _ => fault.ToString(),
    };

    private static string FirstLine(Exception fault) => fault.Message.Split('\n')[0].TrimEnd('\r');
}
