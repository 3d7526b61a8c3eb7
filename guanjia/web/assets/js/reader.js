// QR codes out of pixels, for browsers without BarcodeDetector; brought by controllers/scan.js when somebody scans.
import jsQR from "jsqr"

window.readQr = ({ data, width, height }) => jsQR(data, width, height)?.data || ""
